import { memo } from 'react';
import type { Measure } from '../domain/traffic';
import type { Selection } from '../domain/url-state';
import { AlertBadge } from '../graph/nodes/AlertBadge';
import { arcPath, groupHit, groupPath, middleOf, pointAt, THICK } from './geometry';
import { chooses, type Lit } from './lit';
import type { RingActions } from './RingCanvas';
import { RATES, rateOf } from './rates';
import type { Arc, Ring } from './ring';
import type { Spans } from './spans';
import type { Mark } from './threats';
import type { Pointed } from './use-ring-pointing';

interface Props {
  ring: Ring;
  spans: Spans;
  radius: number;
  lit: Lit;
  threats: ReadonlyMap<string, Mark>;
  selection: Selection | null;
  entry: string | null;
  measure: Measure;
  seconds: number;
  onPoint: (pointed: Pointed) => void;
  onFocus: (id: string | null) => void;
  actions: RingActions;
}

/** Names within, and around them the namespaces that they live in. */
export const Arcs = memo(function Arcs(props: Props) {
  const { ring, spans, radius, lit, threats, selection, onPoint, actions } = props;
  const groups = new Map(ring.groups.map((group) => [group.id, group]));
  const ink = (colour: string | undefined) =>
    ({ '--ink': `var(--${colour ?? 'pass'})` }) as React.CSSProperties;
  return (
    <g className="arcs">
      {ring.groups.map((group) => {
        const span = spans.groups.get(group.id);
        if (!span) return null;
        return (
          // biome-ignore lint/a11y/noStaticElementInteractions: the pointer's way; the list of namespaces is the keyboard's
          <g
            key={group.id}
            className="group-arc"
            style={ink(group.colour)}
            data-testid="ring-group"
            data-name={group.name}
            data-quiet={(lit.groups && !lit.groups.has(group.id)) || undefined}
            data-selected={chooses(selection, 'node', group.id) || undefined}
            onMouseEnter={() => onPoint({ type: 'group', id: group.id })}
            onMouseLeave={() => onPoint(null)}
            onClick={(event) => {
              event.stopPropagation();
              actions.pickGroup(group.id);
            }}
            onDoubleClick={() => actions.enterGroup(group.id)}
          >
            <path className="hit" d={groupHit(span, radius)} />
            <path className="group-shape" d={groupPath(span, radius)} />
          </g>
        );
      })}
      {ring.arcs.map((arc) => {
        const span = spans.arcs.get(arc.id);
        if (!span) return null;
        const mark = threats.get(arc.id);
        const centre = pointAt(middleOf(span), radius - THICK / 2);
        return (
          // biome-ignore lint/a11y/useSemanticElements: HTML's button cannot stand in a drawing
          <g
            key={arc.id}
            className="arc"
            role="button"
            tabIndex={arc.id === props.entry ? 0 : -1}
            aria-label={words(arc, groups.get(arc.group)?.name ?? '', props.measure, props.seconds)}
            aria-pressed={chooses(selection, 'node', arc.id)}
            style={ink(groups.get(arc.group)?.colour)}
            data-testid="ring-arc"
            data-arc-id={arc.id}
            data-name={arc.name}
            data-kind={arc.kind}
            data-denied={arc.denied.records > 0 || undefined}
            data-threat={mark ? true : undefined}
            data-quiet={(lit.arcs && !lit.arcs.has(arc.id)) || undefined}
            data-selected={chooses(selection, 'node', arc.id) || undefined}
            onMouseEnter={() => onPoint({ type: 'arc', id: arc.id })}
            onMouseLeave={() => onPoint(null)}
            onFocus={() => {
              props.onFocus(arc.id);
              onPoint({ type: 'arc', id: arc.id });
            }}
            onBlur={() => onPoint(null)}
            onClick={(event) => {
              event.stopPropagation();
              actions.pickArc(arc.id);
            }}
            onKeyDown={(event) => {
              if (event.key === 'Enter') actions.pickArc(arc.id);
              if (event.key === ' ') {
                event.preventDefault();
                actions.enterArc(arc.id);
              }
            }}
            onDoubleClick={() => actions.enterArc(arc.id)}
          >
            <path className="arc-shape" d={arcPath(span, radius)} />
            {mark && (
              <g transform={`translate(${centre.x - 12} ${centre.y - 12})`}>
                <AlertBadge {...mark} />
              </g>
            )}
          </g>
        );
      })}
    </g>
  );
});

function words(arc: Arc, group: string, measure: Measure, seconds: number): string {
  const unit = RATES.find((rate) => rate.measure === measure)?.name ?? '';
  const denied = arc.denied.records ? `, ${rateOf(arc.denied, measure, seconds)} denied` : '';
  return `${arc.name}${group === arc.name ? '' : ` in ${group}`}: ${rateOf(arc.allowed, measure, seconds)} ${unit} allowed${denied}`;
}
