import Graph from 'graphology';
import type { Point } from '../layout/size';
import type { View, ViewEdge, ViewNode } from '../view';
import { bundlesOf } from './bundles';
import { type Disc, DOT, seed } from './discs';
import type { Ink } from './ink';

export interface Spot {
  x: number;
  y: number;
  size: number;
  color: string;
  label: string | null;
  zIndex: number;
  /** What sigma draws a ring around. */
  highlighted?: boolean;
  node: ViewNode;
}
export interface Line {
  size: number;
  color: string;
  type: 'thin' | 'thick';
  zIndex: number;
  /** Whether it is drawn from afar only, or from near only; null is both. */
  seen: 'far' | 'near' | null;
}
export type Sketch = Graph<Spot, Line>;

/** Discs of namespaces are drawn below the lines; among the nodes they are only pointed at and named. */
export const CLEAR = 'rgba(0, 0, 0, 0)';

interface Subject {
  view: View;
  discs: readonly Disc[];
  at: ReadonlyMap<string, Point>;
  /** Which lines are drawn. */
  keep: (edge: ViewEdge) => boolean;
  ink: Ink;
}

/** Lines above which those between workloads are drawn from near only. */
export const HEAVY = 4000;

/** What the overview draws, as sigma takes it. Y points up there, and down in the rest of the page. */
export function sketchOf({ view, discs, at, keep, ink }: Subject): Sketch {
  const sketch: Sketch = new Graph({ type: 'directed', multi: true, allowSelfLoops: true });
  for (const { node, r, members } of discs) {
    const middle = at.get(node.id);
    if (!middle) continue;
    const large = node.type === 'group' || node.type === 'namespace';
    sketch.addNode(node.id, {
      x: middle.x,
      y: -middle.y,
      size: r,
      color: large ? CLEAR : toneOf(node, ink),
      label: node.name,
      zIndex: 0,
      node,
    });
    members.forEach((member, place) => {
      const offset = seed(place);
      sketch.addNode(member.id, {
        x: middle.x + offset.x,
        y: -(middle.y + offset.y),
        size: member.denied > 0 || member.alert ? DOT + 1 : DOT,
        color: toneOf(member, ink),
        label: member.hash ? `${member.name}-${member.hash}` : member.name,
        zIndex: 1,
        node: member,
      });
    });
  }
  const heavy = view.edges.length > HEAVY;
  for (const { source, target, lines } of heavy ? bundlesOf(view, discs, keep) : []) {
    if (!sketch.hasNode(source) || !sketch.hasNode(target)) continue;
    const size = 1 + Math.log2(lines);
    sketch.addEdge(source, target, { size, color: ink.bundle, type: 'thick', zIndex: 0, seen: 'far' });
  }
  for (const edge of view.edges) {
    if (!keep(edge) || !sketch.hasNode(edge.source) || !sketch.hasNode(edge.target)) continue;
    const denied = edge.verdict !== 'allowed';
    sketch.addEdgeWithKey(edge.id, edge.source, edge.target, {
      size: denied ? 1.4 : 0.7,
      color: denied ? ink.deniedLine : ink.line,
      type: denied ? 'thick' : 'thin',
      zIndex: denied ? 1 : 0,
      seen: heavy && !denied ? 'near' : null,
    });
  }
  return sketch;
}

function toneOf(node: ViewNode, ink: Ink): string {
  if (node.alert) return ink.threat;
  if (node.denied > 0) return ink.denied;
  return node.standing.state === 'dimmed' ? ink.quiet : ink.dot;
}
