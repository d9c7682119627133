/** Where the ring stands in its box, and the paths of its arcs and ribbons. Pure. */
import { ribbon as ribbonOf } from 'd3-chord';
import { arc as arcOf } from 'd3-shape';
import type { Span } from './spans';

export interface Box {
  width: number;
  height: number;
}

export const THICK = 16;
export const THIN = 5;
const APART = 5;
/** From the rim of the arcs to where their names begin. */
export const TO_NAMES = APART + THIN + 9;

const slice = arcOf<{ inner: number; outer: number; span: Span }>()
  .innerRadius(({ inner }) => inner)
  .outerRadius(({ outer }) => outer)
  .startAngle(({ span }) => span.start)
  .endAngle(({ span }) => span.end)
  .cornerRadius(2.5);

export const arcPath = (span: Span, radius: number): string =>
  slice({ inner: radius - THICK, outer: radius, span }) ?? '';

export const groupPath = (span: Span, radius: number): string =>
  slice({ inner: radius + APART, outer: radius + APART + THIN, span }) ?? '';

/** A generous target around a thin arc. */
export const groupHit = (span: Span, radius: number): string =>
  slice({ inner: radius + 1, outer: radius + APART + THIN + 6, span }) ?? '';

interface Ends {
  source: { startAngle: number; endAngle: number };
  target: { startAngle: number; endAngle: number };
}

export function ribbonPath({ source, target }: { source: Span; target: Span }, radius: number): string {
  const draw = ribbonOf<unknown, Ends, Ends['source']>().radius(() => radius - THICK - 2);
  const angles = ({ start, end }: Span) => ({ startAngle: start, endAngle: end });
  // Without a context to draw on it answers with the path, whatever its type says.
  return (draw({ source: angles(source), target: angles(target) }) as unknown as string | null) ?? '';
}

export const middleOf = ({ start, end }: Span): number => (start + end) / 2;

/** A point at an angle and a distance from the middle. */
export const pointAt = (angle: number, distance: number): { x: number; y: number } => ({
  x: Math.sin(angle) * distance,
  y: -Math.cos(angle) * distance,
});
