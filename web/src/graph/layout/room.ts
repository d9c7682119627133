import { CARD, overlaps, type Point, type Rect, type Size } from './size';

const GAP = 24;
/** Closer than this is covered. Less than any distance that a layout leaves by itself. */
const TIGHT = 12;

/**
 * Makes room for boxes that grew in place. Each grows from its own top left corner; only what it
 * would cover moves: what stood to its right moves right, so that left to right stays who calls,
 * and the rest moves down. Whoever moved passes the push on.
 * Pure in (home, sizes, grown): closing a box brings everybody home.
 */
export function makeRoom(
  home: ReadonlyMap<string, Point>,
  sizes: ReadonlyMap<string, Size>,
  grown: readonly string[],
): Map<string, Point> {
  const rects = new Map<string, Rect>();
  for (const [id, point] of home) {
    const size = sizes.get(id);
    if (size) rects.set(id, { ...point, ...size });
  }
  for (const box of grown) {
    if (!rects.has(box)) continue;
    const moved = new Set([box]);
    aside(box, rects, moved);
    down(box, rects, moved);
  }
  return new Map([...rects].map(([id, { x, y }]) => [id, { x, y }]));
}

/** What stood right of the folded card moves right, unless down is much nearer. */
function aside(box: string, rects: Map<string, Rect>, moved: Set<string>): void {
  const origin = rects.get(box) as Rect;
  const passed = [origin];
  for (const id of sorted(rects, 'x')) {
    let own = rects.get(id) as Rect;
    if (id === box || own.x < origin.x + CARD.w) continue;
    const first = passed.find((other) => overlaps(other, own, TIGHT));
    if (!first || first.x + first.w - own.x > 2 * (first.y + first.h - own.y)) continue;
    own = clear(own, passed, (hit) => ({ ...own, x: hit.x + hit.w + GAP }));
    rects.set(id, own);
    passed.push(own);
    moved.add(id);
  }
}

/** From top to bottom: whoever is covered by one that moved, or moved over one that did not, goes below it. */
function down(box: string, rects: Map<string, Rect>, moved: Set<string>): void {
  const passed: { rect: Rect; moved: boolean }[] = [{ rect: rects.get(box) as Rect, moved: true }];
  for (const id of sorted(rects, 'y')) {
    if (id === box) continue;
    const own = rects.get(id) as Rect;
    const against = passed.filter((other) => other.moved || moved.has(id)).map((other) => other.rect);
    const next = clear(own, against, (hit) => ({ ...own, y: hit.y + hit.h + GAP }));
    if (next !== own) {
      rects.set(id, next);
      moved.add(id);
    }
    passed.push({ rect: next, moved: moved.has(id) });
  }
}

function clear(own: Rect, against: readonly Rect[], past: (hit: Rect) => Rect): Rect {
  let place = own;
  // Each step goes past one rectangle for good, so this ends after as many as there are.
  for (let steps = 0; steps <= against.length; steps += 1) {
    const hit = against.find((other) => overlaps(other, place, TIGHT));
    if (!hit) break;
    place = past(hit);
  }
  return place;
}

const sorted = (rects: ReadonlyMap<string, Rect>, axis: 'x' | 'y'): string[] =>
  [...rects].sort(([a, one], [b, two]) => one[axis] - two[axis] || (a < b ? -1 : 1)).map(([id]) => id);
