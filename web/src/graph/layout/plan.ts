import { attempts } from '../../domain/traffic';
import type { View, ViewNode } from '../view';
import { boundsOf, CARD, type Point, type Rect, type Size, sizeOf } from './size';

export interface PlanNode extends Size {
  id: string;
  layer: 'FIRST' | 'LAST' | null;
}
export interface PlanLink {
  source: string;
  target: string;
  weight: number;
}
/** What a layout of the whole needs to know: everything folded, infra apart. */
export interface Plan {
  nodes: PlanNode[];
  links: PlanLink[];
  infra: PlanNode[];
}

const ROW_GAP = 40;

export function planOf(view: View): Plan {
  const top = view.nodes.filter((node) => node.parent === null);
  const order = [...top].sort(
    (a, b) => rankOf(a) - rankOf(b) || compare(a.name, b.name) || compare(a.id, b.id),
  );
  const main = order.filter((node) => !node.infra);
  const inMain = new Set(main.map((node) => node.id));
  const parents = new Map(view.nodes.map((node) => [node.id, node.parent ?? node.id]));
  const weights = new Map<string, PlanLink>();
  for (const { source, target, edge } of view.edges) {
    const [from, to] = [parents.get(source), parents.get(target)];
    if (!from || !to || from === to || !inMain.has(from) || !inMain.has(to)) continue;
    const key = `${from}\n${to}`;
    const link = weights.get(key) ?? { source: from, target: to, weight: 0 };
    link.weight += attempts(edge.allowed) + attempts(edge.denied);
    weights.set(key, link);
  }
  const links = [...weights.values()]
    .map((link) => ({ ...link, weight: 1 + Math.round(Math.log10(1 + link.weight) * 4) }))
    .sort((a, b) => compare(a.source, b.source) || compare(a.target, b.target));
  return { nodes: main.map(planNode), links, infra: order.filter((node) => node.infra).map(planNode) };
}

const rankOf = (node: ViewNode) => (node.role === 'source' ? 0 : node.role === 'target' ? 2 : 1);
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

function planNode(node: ViewNode): PlanNode {
  const layer = node.role === 'source' ? 'FIRST' : node.role === 'target' ? 'LAST' : null;
  // Everything is laid out folded: opening is done in place, and must not move the rest.
  const size = node.type === 'group' ? CARD : sizeOf(node);
  return { id: node.id, ...size, layer };
}

/** Columns by longest way from the left, without a worker: at once, and when the worker fails. */
export function quickLayout(plan: Plan): Map<string, Point> {
  const depth = new Map<string, number>();
  const next = new Map<string, string[]>();
  for (const { source, target } of plan.links) next.set(source, [...(next.get(source) ?? []), target]);
  const path = new Set<string>();
  const visit = (id: string, level: number) => {
    if (path.has(id) || (depth.get(id) ?? -1) >= level || level > 8) return;
    depth.set(id, level);
    path.add(id);
    for (const child of next.get(id) ?? []) visit(child, level + 1);
    path.delete(id);
  };
  for (const node of plan.nodes)
    if (node.layer === 'FIRST' || !depth.has(node.id)) visit(node.id, node.layer === 'FIRST' ? 0 : 1);
  const last = Math.max(1, ...[...depth.values()]) + 1;
  const columns = new Map<number, PlanNode[]>();
  for (const node of plan.nodes) {
    const at = node.layer === 'LAST' ? last : node.layer === 'FIRST' ? 0 : (depth.get(node.id) ?? 1);
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
    x += Math.max(...column.map((node) => node.w)) + 110;
  }
  return points;
}

/** The infra layer stands in rows of its own below everything else. */
export function withInfra(points: Map<string, Point>, plan: Plan): Map<string, Point> {
  const rects: Rect[] = plan.nodes.flatMap((node) => {
    const point = points.get(node.id);
    return point ? [{ ...point, w: node.w, h: node.h }] : [];
  });
  const bounds = boundsOf(rects) ?? { x: 0, y: 0, w: 900, h: 0 };
  const all = new Map(points);
  const cell = Math.max(...plan.infra.map((node) => node.w), CARD.w) + 48;
  const perRow = Math.max(3, Math.floor((bounds.w + 48) / cell));
  let y = bounds.y + bounds.h + 72;
  for (let start = 0; start < plan.infra.length; start += perRow) {
    const row = plan.infra.slice(start, start + perRow);
    const width = row.length * cell - 48;
    const x = bounds.x + (bounds.w - width) / 2;
    row.forEach((node, at) => {
      all.set(node.id, { x: x + at * cell, y });
    });
    y += Math.max(...row.map((node) => node.h)) + 36;
  }
  return all;
}
