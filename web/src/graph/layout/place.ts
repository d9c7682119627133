import { overlaps, type Point, type Rect, type Size } from './size';

const GAP = 16;

/** A free place for a node that arrived later: right of its first caller, else left of whom it calls. */
export function placeBeside(
  size: Size,
  caller: Rect | null,
  called: Rect | null,
  taken: readonly Rect[],
  bounds: Rect | null,
): Point {
  const start: Point = caller
    ? { x: caller.x + caller.w + 90, y: caller.y + caller.h / 2 - size.h / 2 }
    : called
      ? { x: called.x - 90 - size.w, y: called.y + called.h / 2 - size.h / 2 }
      : { x: bounds?.x ?? 0, y: (bounds?.y ?? 0) + (bounds?.h ?? 0) + 60 };
  const step = size.h + GAP;
  for (let ring = 0; ring < 200; ring += 1) {
    for (const sign of ring === 0 ? [1] : [1, -1]) {
      const point = { x: start.x, y: start.y + sign * ring * step };
      if (!taken.some((rect) => overlaps({ ...point, ...size }, rect, GAP))) return point;
    }
  }
  return start;
}
