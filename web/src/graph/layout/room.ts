import { CARD, overlaps, type Point, type Rect, type Size } from './size';

const GAP = 24;
/** Closer than this is covered. Less than any distance that a layout leaves by itself. */
const TIGHT = 12;

/**
 * Makes room for boxes that grew in place. Each grows from its own top left corner; only what it
 * would cover moves: what stood to its right moves right, so that left to right stays who calls,
 * and the rest moves down. Whoever moved passes the push on in the same direction.
 * Pure in (home, sizes, grown): closing a box brings everybody home.
 */
export function makeRoom(
  home: ReadonlyMap<string, Point>,
  sizes: ReadonlyMap<string, Size>,
  grown: readonly string[],
): Map<string, Point> {
  const placed = new Map<string, Point>();
  for (const [id, point] of home) if (sizes.has(id)) placed.set(id, { ...point });
  for (const box of grown) {
    const at = placed.get(box);
    if (!at) continue;
    const edge = at.x + CARD.w;
    push(box, 'x', placed, sizes, (id) => (placed.get(id) as Point).x >= edge);
    push(box, 'y', placed, sizes, () => true);
  }
  return placed;
}

/** Sweeps away from the box along one axis: each that is covered moves just clear of all before it. */
function push(
  box: string,
  axis: 'x' | 'y',
  placed: Map<string, Point>,
  sizes: ReadonlyMap<string, Size>,
  movable: (id: string) => boolean,
): void {
  const rect = (id: string): Rect => ({ ...(placed.get(id) as Point), ...(sizes.get(id) as Size) });
  const origin = rect(box);
  const order = [...placed.keys()]
    .filter((id) => id !== box && movable(id) && rect(id)[axis] >= origin[axis])
    .sort((a, b) => rect(a)[axis] - rect(b)[axis] || (a < b ? -1 : 1));
  const movers: Rect[] = [origin];
  for (const id of order) {
    let own = rect(id);
    for (let hit = first(movers, own); hit; hit = first(movers, own)) {
      own = axis === 'x' ? { ...own, x: hit.x + hit.w + GAP } : { ...own, y: hit.y + hit.h + GAP };
    }
    if (own[axis] === rect(id)[axis]) continue;
    placed.set(id, { x: own.x, y: own.y });
    movers.push(own);
  }
}

const first = (movers: readonly Rect[], own: Rect): Rect | undefined =>
  movers.find((mover) => overlaps(mover, own, TIGHT));
