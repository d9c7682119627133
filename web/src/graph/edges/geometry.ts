import type { Point, Rect } from '../layout/size';

/** How lines run between boxes: sides, anchors, curves, and where their ends and badges sit. */
export type Side = 'left' | 'right' | 'top' | 'bottom';

export interface Curve {
  a: Point;
  b: Point;
  c: Point;
  d: Point;
}

export interface Ending {
  at: Point;
  /** Which way the line travels where it ends, of length one. */
  along: Point;
}

const NORMAL: Record<Side, Point> = {
  left: { x: -1, y: 0 },
  right: { x: 1, y: 0 },
  top: { x: 0, y: -1 },
  bottom: { x: 0, y: 1 },
};

/** From which side to which: rightwards where there is room, else up or down, else backwards. */
export function sidesFor(source: Rect, target: Rect): [Side, Side] {
  if (source === target) return ['right', 'top'];
  if (target.x - (source.x + source.w) >= 24) return ['right', 'left'];
  const overlap = Math.min(source.x + source.w, target.x + target.w) - Math.max(source.x, target.x);
  if (overlap > 0) {
    const below = target.y - (source.y + source.h);
    const above = source.y - (target.y + target.h);
    // Past a neighbour in the same column a line runs around it, not beneath it.
    if (Math.max(below, above) > 60 && overlap > source.w * 0.8) return ['right', 'right'];
    if (below >= 0) return ['bottom', 'top'];
    if (above >= 0) return ['top', 'bottom'];
  }
  return source.x > target.x + target.w ? ['left', 'right'] : ['right', 'left'];
}

/** A point on a side, `slot` steps from its middle. */
export function anchor(rect: Rect, side: Side, offset: number): Point {
  switch (side) {
    case 'left':
      return { x: rect.x, y: rect.y + rect.h / 2 + offset };
    case 'right':
      return { x: rect.x + rect.w, y: rect.y + rect.h / 2 + offset };
    case 'top':
      return { x: rect.x + rect.w / 2 + offset, y: rect.y };
    case 'bottom':
      return { x: rect.x + rect.w / 2 + offset, y: rect.y + rect.h };
  }
}

/** Offsets that spread `count` lines over a side, at most 14 apart, never over its corners. */
export function spread(count: number, length: number): number[] {
  const step = count < 2 ? 0 : Math.min(14, (length - 16) / (count - 1));
  return Array.from({ length: count }, (_, at) => (at - (count - 1) / 2) * step);
}

export function curve(
  from: Point,
  out: Side,
  to: Point,
  into: Side,
  marker: number,
): Curve & { end: Ending } {
  const leave = NORMAL[out];
  const enter = NORMAL[into];
  const distance = Math.hypot(to.x - from.x, to.y - from.y);
  const direct = Math.abs(leave.x ? to.x - from.x : to.y - from.y);
  const reach = Math.min(Math.max(28, direct * 0.5, out === into ? 56 : 0), Math.max(56, distance));
  const end = { x: to.x + enter.x * marker, y: to.y + enter.y * marker };
  return {
    a: from,
    b: { x: from.x + leave.x * reach, y: from.y + leave.y * reach },
    c: { x: end.x + enter.x * reach, y: end.y + enter.y * reach },
    d: end,
    end: { at: to, along: { x: -enter.x, y: -enter.y } },
  };
}

export function pointOn({ a, b, c, d }: Curve, t: number): Point {
  const s = 1 - t;
  const mix = (p: keyof Point) =>
    s * s * s * a[p] + 3 * s * s * t * b[p] + 3 * s * t * t * c[p] + t * t * t * d[p];
  return { x: mix('x'), y: mix('y') };
}

const n = (value: number) => Math.round(value * 10) / 10;

export function pathOf({ a, b, c, d }: Curve): string {
  return `M${n(a.x)} ${n(a.y)}C${n(b.x)} ${n(b.y)} ${n(c.x)} ${n(c.y)} ${n(d.x)} ${n(d.y)}`;
}

/** A filled head whose tip is where the line ends. */
export function arrowPath({ at, along }: Ending, length: number, half: number): string {
  const base = { x: at.x - along.x * length, y: at.y - along.y * length };
  const across = { x: -along.y * half, y: along.x * half };
  return `M${n(at.x)} ${n(at.y)}L${n(base.x + across.x)} ${n(base.y + across.y)}L${n(base.x - across.x)} ${n(base.y - across.y)}Z`;
}

/** A bar across the line, just before what it may not reach. */
export function stopPath({ at, along }: Ending, gap: number, half: number): string {
  const mid = { x: at.x - along.x * gap, y: at.y - along.y * gap };
  const across = { x: -along.y * half, y: along.x * half };
  return `M${n(mid.x + across.x)} ${n(mid.y + across.y)}L${n(mid.x - across.x)} ${n(mid.y - across.y)}`;
}

/** Moves a curve sideways, for the second stroke of an edge that was both allowed and denied. */
export function shift(line: Curve & { end: Ending }, side: Side, by: number): Curve & { end: Ending } {
  const move = (p: Point): Point =>
    side === 'left' || side === 'right' ? { x: p.x, y: p.y + by } : { x: p.x + by, y: p.y };
  return {
    a: move(line.a),
    b: move(line.b),
    c: move(line.c),
    d: move(line.d),
    end: { at: move(line.end.at), along: line.end.along },
  };
}
