import { overlaps, type Point, type Rect, type Size } from './size';

const GAP = 28;

/**
 * Makes room for boxes that grew in place. Each grows from its own top left corner; only what it
 * would cover moves, right or down, whichever is shorter, and passes the push on.
 * Pure in (home, sizes, grown): closing a box brings everybody home.
 */
export function makeRoom(
  home: ReadonlyMap<string, Point>,
  sizes: ReadonlyMap<string, Size>,
  grown: readonly string[],
): Map<string, Point> {
  const placed = new Map<string, Point>();
  for (const [id, point] of home) if (sizes.has(id)) placed.set(id, { ...point });
  const rect = (id: string): Rect => ({ ...(placed.get(id) as Point), ...(sizes.get(id) as Size) });
  const ids = [...placed.keys()].sort();
  const firm = new Set<string>();
  for (const box of grown) {
    if (!placed.has(box)) continue;
    firm.add(box);
    // Breadth first from the box outwards, so that a push travels and never comes back.
    const queue = [box];
    const settled = new Set<string>([box]);
    for (let at = 0; at < queue.length; at += 1) {
      const pusher = rect(queue[at] as string);
      const hit = ids
        .filter((id) => !settled.has(id) && overlaps(pusher, rect(id), GAP))
        .sort((a, b) => rect(a).x - rect(b).x || rect(a).y - rect(b).y || (a < b ? -1 : 1));
      for (const id of hit) {
        const moved = rect(id);
        const right = pusher.x + pusher.w + GAP - moved.x;
        const down = pusher.y + pusher.h + GAP - moved.y;
        const point = right <= down ? { x: moved.x + right, y: moved.y } : { x: moved.x, y: moved.y + down };
        placed.set(id, point);
        settled.add(id);
        queue.push(id);
      }
    }
  }
  return placed;
}
