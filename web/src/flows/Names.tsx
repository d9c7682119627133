import { memo } from 'react';
import type { Measure } from '../domain/traffic';
import type { Labels } from './labels';
import type { Lit } from './lit';
import { rateOf, sumOf } from './rates';
import type { Ring } from './ring';
import type { Mark } from './threats';

interface Props {
  ring: Ring;
  labels: Labels;
  lit: Lit;
  threats: ReadonlyMap<string, Mark>;
  measure: Measure;
  seconds: number;
}

/** The names around the ring. The arcs say the same to a screen reader. */
export const Names = memo(function Names({ ring, labels, lit, threats, measure, seconds }: Props) {
  const rates = new Map(
    ring.groups.map((group) => {
      const inside = new Set(ring.arcs.filter((arc) => arc.group === group.id).map(({ id }) => id));
      const touching = ring.links.filter(({ source, target }) => inside.has(source) || inside.has(target));
      return [group.id, rateOf(sumOf(touching.map(({ traffic }) => traffic)), measure, seconds)];
    }),
  );
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: nothing here takes the focus
    <g className="ring-names" aria-hidden="true">
      {labels.arcs.map((label) => (
        <text
          key={label.id}
          className="arc-name"
          transform={`translate(${label.x} ${label.y}) rotate(${label.turn})`}
          textAnchor={label.anchor}
          dy="0.34em"
          data-quiet={(lit.arcs && !lit.arcs.has(label.id)) || undefined}
          data-threat={threats.has(label.id) || undefined}
        >
          {label.text}
        </text>
      ))}
      {labels.groups.map((label) => (
        <text
          key={label.id}
          x={label.x}
          y={label.y}
          textAnchor={label.anchor}
          data-quiet={(lit.groups && !lit.groups.has(label.id)) || undefined}
        >
          <tspan className="group-name">{label.text}</tspan>
          <tspan className="group-rate" x={label.x} dy="15">
            {rates.get(label.id)}/s
          </tspan>
        </text>
      ))}
    </g>
  );
});
