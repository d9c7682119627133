import type { Point } from '../layout/size';
import type { View, ViewNode } from '../view';

/** What stands by itself in the overview: a namespace with those who live in it, or somebody outside. */
export interface Disc {
  node: ViewNode;
  r: number;
  members: ViewNode[];
}

export const DOT = 4;
const APART = 11;
const RIM = 10;
const OUTSIDE = 7;
const GOLDEN = Math.PI * (3 - Math.sqrt(5));

/** Largest first, then by name: the same view gives the same discs, whatever order its nodes arrived in. */
export function discsOf(view: View): Disc[] {
  const inside = new Map<string, ViewNode[]>();
  for (const node of view.nodes) {
    if (!node.parent) continue;
    const list = inside.get(node.parent);
    if (list) list.push(node);
    else inside.set(node.parent, [node]);
  }
  return view.nodes
    .filter((node) => node.parent === null)
    .map((node) => {
      const members = (inside.get(node.id) ?? []).sort(byName);
      return { node, r: radiusOf(node, members.length), members };
    })
    .sort((a, b) => b.r - a.r || byName(a.node, b.node));
}

/** A closed namespace is smaller than an open one, and still shows how many live in it. */
function radiusOf(node: ViewNode, members: number): number {
  if (members) return RIM + APART * Math.sqrt(members);
  if (node.type === 'namespace') return RIM + 2 * Math.sqrt(node.members);
  return OUTSIDE;
}

/** Where the one at a place stands from the middle of its disc: as seeds in a sunflower, evenly apart. */
export function seed(place: number): Point {
  const far = APART * Math.sqrt(place + 0.5);
  return { x: far * Math.cos(place * GOLDEN), y: far * Math.sin(place * GOLDEN) };
}

const byName = (a: ViewNode, b: ViewNode) =>
  a.name < b.name ? -1 : a.name > b.name ? 1 : a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
