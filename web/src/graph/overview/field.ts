import { attempts } from '../../domain/traffic';
import type { Point } from '../layout/size';
import type { View } from '../view';
import type { Disc } from './discs';
import type { Field, Tie } from './force';

/** Where a disc stands, and how large it was when it got that place. */
export interface Home extends Point {
  r: number;
}
export type Homes = ReadonlyMap<string, Home>;

const PATIENCE = 700;

/** What the worker is asked: those without a home, among those that have one. */
export function fieldOf(view: View, discs: readonly Disc[], homes: Homes): Field {
  const owner = new Map<string, string>();
  for (const { node, members } of discs) {
    owner.set(node.id, node.id);
    for (const member of members) owner.set(member.id, node.id);
  }
  const ties = new Map<string, Tie>();
  for (const { source, target, edge } of view.edges) {
    const [a, b] = [owner.get(source), owner.get(target)];
    if (!a || !b || a === b) continue;
    const [from, to] = a < b ? [a, b] : [b, a];
    const key = `${from}\n${to}`;
    const tie = ties.get(key) ?? { source: from, target: to, weight: 0 };
    tie.weight += attempts(edge.allowed) + attempts(edge.denied);
    ties.set(key, tie);
  }
  return {
    bodies: discs.map(({ node, r }) => {
      const home = homes.get(node.id);
      return { id: node.id, r: home?.r ?? r, at: home ? { x: home.x, y: home.y } : null };
    }),
    ties: [...ties.values()],
    patience: PATIENCE,
  };
}

/**
 * Where everything stands at once, whatever grew since it got its home: each grown disc keeps its place and pushes all
 * others straight away from it by as much as it grew, which brings no two of them closer. Pure: closing brings all home.
 */
export function placed(discs: readonly Disc[], homes: Homes): Map<string, Point> {
  const at = new Map<string, Point>();
  for (const { node } of discs) {
    const home = homes.get(node.id);
    if (home) at.set(node.id, { x: home.x, y: home.y });
  }
  for (const { node, r } of discs) {
    const home = homes.get(node.id);
    const middle = at.get(node.id);
    const grown = home ? r - home.r : 0;
    if (!middle || grown <= 0) continue;
    for (const [id, point] of at) {
      if (id === node.id) continue;
      const [dx, dy] = [point.x - middle.x, point.y - middle.y];
      const far = Math.hypot(dx, dy) || 1;
      at.set(id, { x: point.x + (dx / far) * grown, y: point.y + (dy / far) * grown });
    }
  }
  return at;
}
