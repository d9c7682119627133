import { memo } from 'react';
import type { Selection } from '../domain/url-state';
import { ribbonPath } from './geometry';
import { chooses } from './lit';
import type { RingActions } from './RingCanvas';
import type { Link, Ring } from './ring';
import type { Spans } from './spans';
import type { Pointed } from './use-ring-pointing';

interface Props {
  ring: Ring;
  spans: Spans;
  radius: number;
  lit: ReadonlySet<string> | null;
  threats: ReadonlySet<string>;
  selection: Selection | null;
  onPoint: (pointed: Pointed) => void;
  actions: RingActions;
}

/** What flowed, in the colour of who opened it; denied is hatched and dashed. */
export const Ribbons = memo(function Ribbons(props: Props) {
  const { ring, spans, radius, lit, threats, selection, onPoint, actions } = props;
  const groups = new Map(ring.groups.map((group) => [group.id, group.colour]));
  const colours = new Map(ring.arcs.map((arc) => [arc.id, groups.get(arc.group) ?? 'pass']));
  const loud = (link: Link) =>
    (lit?.has(link.id) ? 4 : 0) + (threats.has(link.edge) ? 2 : 0) + (link.verdict === 'denied' ? 1 : 0);
  const wide = (link: Link) => {
    const span = spans.ribbons.get(link.id)?.source;
    return span ? span.end - span.start : 0;
  };
  // What shines lies above what is quiet, and thin above wide.
  const order = ring.links.toSorted(
    (a, b) => loud(a) - loud(b) || wide(b) - wide(a) || (a.id < b.id ? -1 : 1),
  );
  return (
    <g className="ribbons">
      {order.map((link) => {
        const both = spans.ribbons.get(link.id);
        if (!both) return null;
        return (
          // biome-ignore lint/a11y/noStaticElementInteractions: the pointer's way; the keyboard walks links with [ and ]
          <path
            key={link.id}
            className="ribbon"
            d={ribbonPath(both, radius)}
            style={{ '--ink': `var(--${colours.get(link.source)})` } as React.CSSProperties}
            data-testid="ring-link"
            data-edge-id={link.edge}
            data-verdict={link.verdict}
            data-threat={threats.has(link.edge) || undefined}
            data-quiet={(lit && !lit.has(link.id)) || undefined}
            data-lit={lit?.has(link.id) || undefined}
            data-selected={chooses(selection, 'edge', link.edge) || undefined}
            onMouseEnter={() => onPoint({ type: 'link', id: link.id })}
            onMouseLeave={() => onPoint(null)}
            onClick={(event) => {
              event.stopPropagation();
              actions.pickLink(link.edge);
            }}
            onDoubleClick={() => actions.enterLink(link.edge)}
          />
        );
      })}
    </g>
  );
});
