import { isMeasured, type Label, type Measured } from '../domain/edge-label';
import type { GraphEdge } from '../domain/graph';
import type { Measure } from '../domain/traffic';
import { micros, short } from '../domain/units';
import { measureRate } from './widths';

/** A figure of an edge as the API has it, and what it is of. */
export interface Figure {
  value: number;
  of: number | null;
}

export type Figures = ReadonlyMap<string, Figure>;

/** What stands at an edge; the heaviest labels are the ones that are drawn. */
export interface EdgeLabel {
  text: string;
  weight: number;
  /** Asked for by itself, so that it is written at dimmed edges too. */
  told?: true;
}

const NONE: EdgeLabel = { text: '', weight: 0 };

/** How each edge is labelled: with `null` by the measure that its width has. */
export function labelling(
  label: Label | null,
  measure: Measure,
  seconds: number,
  figures: Figures | null,
): (edge: GraphEdge) => EdgeLabel {
  if (label === 'off') return () => NONE;
  if (isMeasured(label)) {
    return ({ id }) => {
      const figure = figures?.get(id);
      return figure ? { text: figureText(label, figure), weight: figure.value, told: true } : NONE;
    };
  }
  const shown = label ?? measure;
  return (edge) => ({
    text: measureRate(edge.allowed, shown, seconds),
    weight: edge.allowed[shown] ?? 0,
  });
}

/** `1.2 ms`, `340 sent again`, `2.1 %` of requests. */
export function figureText(label: Measured, { value, of }: Figure): string {
  switch (label) {
    case 'rtt':
    case 'dns':
      return micros(value);
    case 'retransmissions':
      return `${short(value)} again`;
    case 'dns-failures':
    case 'http':
      return of ? percent(value / of) : `${short(value)} failed`;
  }
}

function percent(part: number): string {
  const hundred = part * 100;
  if (hundred === 0) return '0 %';
  if (hundred < 0.1) return '< 0.1 %';
  return `${hundred.toFixed(hundred < 10 ? 1 : 0).replace(/\.0$/, '')} %`;
}
