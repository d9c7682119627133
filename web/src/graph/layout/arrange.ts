import type { View, ViewNode } from '../view';
import { type GroupLayout, layoutGroup } from './group';
import { placeBeside } from './place';
import { makeRoom } from './room';
import { boundsOf, CARD, type Point, type Rect, type Size, sizeOf } from './size';

/** Places that newcomers got and people chose, by view id; kept between refreshes. */
export type Home = ReadonlyMap<string, Point>;

/** Gives each top-level node that has no home one beside its first neighbour. Returns the same map where all have one. */
export function settle(home: Home, view: View): Home {
  const missing = view.nodes.filter((node) => node.parent === null && !home.has(node.id));
  if (!missing.length) return home;
  const next = new Map(home);
  const byId = new Map(view.nodes.map((node) => [node.id, node]));
  const rectOf = (id: string): Rect | null => {
    const node = byId.get(id);
    const owner = node?.parent ? byId.get(node.parent) : node;
    const point = owner && next.get(owner.id);
    return owner && point ? { ...point, ...foldedSize(owner) } : null;
  };
  for (const node of missing) {
    const inside = (id: string) => id === node.id || byId.get(id)?.parent === node.id;
    const callers = view.edges.filter((edge) => inside(edge.target)).map((edge) => rectOf(edge.source));
    const called = view.edges.filter((edge) => inside(edge.source)).map((edge) => rectOf(edge.target));
    const taken = [...next.keys()].flatMap((id) => rectOf(id) ?? []);
    const first = (rects: (Rect | null)[]) => rects.find((rect) => rect !== null) ?? null;
    next.set(node.id, placeBeside(foldedSize(node), first(callers), first(called), taken, boundsOf(taken)));
  }
  return next;
}

const foldedSize = (node: ViewNode): Size => (node.type === 'group' ? CARD : sizeOf(node));

/** The absolute place and size of everything drawn. Pure in its arguments. */
export function arrange(home: Home, view: View, opened: readonly string[]): Map<string, Rect> {
  const groups = new Map<string, GroupLayout>();
  for (const group of view.nodes) {
    if (group.type !== 'group') continue;
    const children = view.nodes.filter((node) => node.parent === group.id).sort(byName);
    const ids = children.map((node) => node.id);
    const inside = new Set(ids);
    const links = view.edges.filter((edge) => inside.has(edge.source) && inside.has(edge.target));
    const layout = layoutGroup(ids, links);
    // Before its workloads are known a box keeps the room of a few, for a calm arrival.
    const empty = ids.length === 0 ? { ...layout, h: 34 + Math.min(6, group.members) * 54 } : layout;
    groups.set(group.id, empty);
  }
  const sizes = new Map<string, Size>();
  for (const node of view.nodes)
    if (node.parent === null) sizes.set(node.id, groups.get(node.id) ?? sizeOf(node));
  const order = [
    ...opened.filter((id) => groups.has(id)),
    ...[...groups.keys()].filter((id) => !opened.includes(id)).sort(),
  ];
  const placed = makeRoom(home, sizes, order);
  const rects = new Map<string, Rect>();
  for (const [id, point] of placed) rects.set(id, { ...point, ...(sizes.get(id) as Size) });
  for (const node of view.nodes) {
    if (!node.parent) continue;
    const box = rects.get(node.parent);
    const at = groups.get(node.parent)?.at.get(node.id);
    if (box && at) rects.set(node.id, { x: box.x + at.x, y: box.y + at.y, ...sizeOf(node) });
  }
  return rects;
}

const byName = (a: ViewNode, b: ViewNode) =>
  a.name < b.name ? -1 : a.name > b.name ? 1 : (a.hash ?? '') < (b.hash ?? '') ? -1 : 1;
