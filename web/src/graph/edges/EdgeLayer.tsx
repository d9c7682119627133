import { memo } from 'react';
import type { Routed } from './route';

interface Props {
  routes: readonly Routed[];
  lit: ReadonlySet<string>;
  /** Everything that is not lit steps back. */
  hushed: boolean;
  faded: ReadonlySet<string>;
  selected: string | null;
  onHover: (id: string | null, at?: { x: number; y: number }) => void;
  onPick: (id: string) => void;
}

/** All lines, beneath the cards. Allowed is solid with an arrowhead; denied is dashed with a stop bar. */
export const EdgeLayer = memo(function EdgeLayer({
  routes,
  lit,
  hushed,
  faded,
  selected,
  onHover,
  onPick,
}: Props) {
  // What shines is drawn last, above what is quiet.
  const order = [...routes].sort((a, b) => weight(a, lit, selected) - weight(b, lit, selected));
  return (
    <svg className="edge-layer" aria-hidden="true" width="1" height="1" overflow="visible">
      {order.map((route) => (
        <Edge
          key={route.edge.id}
          route={route}
          lit={lit.has(route.edge.id)}
          selected={selected === route.edge.id}
          quiet={faded.has(route.edge.id) || (hushed && !lit.has(route.edge.id))}
          onHover={onHover}
          onPick={onPick}
        />
      ))}
    </svg>
  );
});

function weight({ edge }: Routed, lit: ReadonlySet<string>, selected: string | null): number {
  if (edge.id === selected) return 3;
  if (lit.has(edge.id)) return 2;
  return edge.verdict === 'allowed' && !edge.change ? 0 : 1;
}

interface EdgeProps extends Pick<Props, 'onHover' | 'onPick'> {
  route: Routed;
  lit: boolean;
  selected: boolean;
  quiet: boolean;
}

const Edge = memo(function Edge({ route, lit, selected, quiet, onHover, onPick }: EdgeProps) {
  const { edge, strokes, hit } = route;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the pointer's way; the keyboard walks edges with [ and ]
    <g
      className="edge"
      data-testid="graph-edge"
      data-edge-id={edge.id}
      data-verdict={edge.verdict}
      data-source={edge.source}
      data-target={edge.target}
      data-lit={lit || undefined}
      data-selected={selected || undefined}
      data-quiet={quiet || undefined}
      data-dimmed={edge.dimmed || undefined}
      data-alert={edge.alert ?? undefined}
      data-new={edge.isNew || undefined}
      data-change={edge.change?.change}
      onMouseMove={(event) => onHover(edge.id, { x: event.clientX, y: event.clientY })}
      onMouseLeave={() => onHover(null)}
      onClick={(event) => {
        event.stopPropagation();
        onPick(edge.id);
      }}
    >
      <path className="edge-hit" d={hit} />
      {selected && (
        <path className="edge-ring" d={hit} strokeWidth={Math.max(edge.allowedWidth, edge.deniedWidth) + 8} />
      )}
      {strokes.map((stroke) => (
        <g key={stroke.verdict} className={`stroke-${stroke.verdict}`}>
          <path className="edge-line" d={stroke.path} strokeWidth={stroke.width} />
          <path className="edge-end" d={stroke.end} />
        </g>
      ))}
    </g>
  );
});
