import type { Plan, PlanNode } from './plan';
import type { Point } from './size';

const ROW_GAP = 40;
const LAYER_GAP = 84;
const DEEPEST = 8;

/** The inner layout without a worker: columns by the longest way from a caller. Where the worker fails. */
export function quickLayout(plan: Plan): Map<string, Point> {
  const depth = depths(plan);
  const columns = new Map<number, PlanNode[]>();
  for (const node of plan.inner) {
    const at = depth.get(node.id) ?? 0;
    columns.set(at, [...(columns.get(at) ?? []), node]);
  }
  const points = new Map<string, Point>();
  let x = 0;
  for (const at of [...columns.keys()].sort((a, b) => a - b)) {
    const column = columns.get(at) ?? [];
    let y = 0;
    for (const node of column) {
      points.set(node.id, { x, y });
      y += node.h + ROW_GAP;
    }
    x += Math.max(...column.map((node) => node.w)) + LAYER_GAP;
  }
  return points;
}

function depths({ inner, sources, links }: Plan): Map<string, number> {
  const own = new Set(inner.map((node) => node.id));
  const next = new Map<string, string[]>();
  const called = new Set<string>();
  for (const { source, target } of links) {
    if (!own.has(target)) continue;
    next.set(source, [...(next.get(source) ?? []), target]);
    if (own.has(source)) called.add(target);
  }
  const depth = new Map<string, number>();
  const path = new Set<string>();
  const visit = (id: string, level: number) => {
    if (path.has(id) || (depth.get(id) ?? -1) >= level || level > DEEPEST) return;
    depth.set(id, level);
    path.add(id);
    for (const child of next.get(id) ?? []) visit(child, level + 1);
    path.delete(id);
  };
  for (const source of sources) for (const first of next.get(source.id) ?? []) visit(first, 0);
  for (const node of inner) if (!called.has(node.id)) visit(node.id, 0);
  for (const node of inner) if (!depth.has(node.id)) visit(node.id, 0);
  return depth;
}
