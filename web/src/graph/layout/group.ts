import { type Point, type Size, WORKLOAD } from './size';

export const HEADER = 34;
export const PAD = 10;
const ROW_GAP = 10;
const COLUMN_GAP = 64;
const ROWS = 8;
const COLUMNS = 3;

export interface GroupLayout extends Size {
  /** Where each child stands, from the box's own corner. */
  at: Map<string, Point>;
}

interface Link {
  source: string;
  target: string;
}

/** Lays the inside of an open namespace out at once: columns from callers to called. Deterministic. */
export function layoutGroup(children: readonly string[], links: readonly Link[]): GroupLayout {
  const columns = columnsOf(children, links);
  const at = new Map<string, Point>();
  let tallest = 1;
  columns.forEach((column, col) => {
    tallest = Math.max(tallest, column.length);
    column.forEach((id, row) => {
      at.set(id, {
        x: PAD + col * (WORKLOAD.w + COLUMN_GAP),
        y: HEADER + row * (WORKLOAD.h + ROW_GAP),
      });
    });
  });
  const count = Math.max(1, columns.length);
  return {
    w: 2 * PAD + count * WORKLOAD.w + (count - 1) * COLUMN_GAP,
    h: HEADER + tallest * WORKLOAD.h + (tallest - 1) * ROW_GAP + PAD,
    at,
  };
}

function columnsOf(children: readonly string[], links: readonly Link[]): string[][] {
  const depth = depths(children, links);
  const ranks: string[][] = [];
  for (const id of children) {
    const at = Math.min(depth.get(id) ?? 0, COLUMNS - 1);
    ranks[at] = [...(ranks[at] ?? []), id];
  }
  const filled = ranks.filter((rank) => rank?.length);
  // A column too tall to read is cut into several of about the same height.
  return filled.flatMap((rank) => {
    const parts = Math.ceil(rank.length / ROWS);
    const size = Math.ceil(rank.length / parts);
    return Array.from({ length: parts }, (_, part) => rank.slice(part * size, (part + 1) * size));
  });
}

/** The longest way from a caller, without the links that would close a circle. */
function depths(children: readonly string[], links: readonly Link[]): Map<string, number> {
  const next = new Map<string, string[]>(children.map((id) => [id, []]));
  for (const { source, target } of links) {
    if (source !== target && next.has(target)) next.get(source)?.push(target);
  }
  const entered = new Set([...next.values()].flat());
  const order = [...children.filter((id) => !entered.has(id)), ...children.filter((id) => entered.has(id))];
  const depth = new Map<string, number>();
  const path = new Set<string>();
  const visit = (id: string, level: number) => {
    if (path.has(id) || (depth.get(id) ?? -1) >= level || level > COLUMNS) return;
    depth.set(id, level);
    path.add(id);
    for (const child of next.get(id) ?? []) visit(child, level + 1);
    path.delete(id);
  };
  for (const id of order) if (!depth.has(id)) visit(id, 0);
  return depth;
}
