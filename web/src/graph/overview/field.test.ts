import { describe, expect, it } from 'vitest';
import { graphOf, viewOf } from '../fixture';
import type { Point } from '../layout/size';
import { type Disc, DOT, discsOf, seed } from './discs';
import { fieldOf, type Homes, placed } from './field';
import { settleField } from './force';

const NAMES = Array.from({ length: 24 }, (_, at) => `n${at}`);
const EDGES = NAMES.flatMap((name, at) => [`${name}>n${(at + 1) % 24}`, `${name}!n${(at * 7) % 24}`]);
const still = () => 0;

const laid = (discs: Disc[], view = viewOf(graphOf(EDGES)), homes: Homes = new Map()): Homes => {
  const radius = new Map(discs.map(({ node, r }) => [node.id, r]));
  return new Map(
    settleField(fieldOf(view, discs, homes), still).map(([id, x, y]) => [
      id,
      homes.get(id) ?? { x, y, r: radius.get(id) ?? 0 },
    ]),
  );
};
const covered = (discs: Disc[], at: ReadonlyMap<string, Point>) =>
  discs.flatMap((one, place) =>
    discs.slice(place + 1).filter((two) => {
      const [a, b] = [at.get(one.node.id), at.get(two.node.id)];
      return a && b && Math.hypot(a.x - b.x, a.y - b.y) < one.r + two.r;
    }),
  );
const open = (edges: string[], inside: string[]) =>
  viewOf(graphOf([...EDGES, ...edges], Object.fromEntries(inside.map((id) => [id, ['WORKLOAD', 'n3']]))));

describe('the whole', () => {
  it('covers nobody, and is the same whatever order everything arrives in', () => {
    const discs = discsOf(viewOf(graphOf(EDGES)));
    const homes = laid(discs);
    expect(covered(discs, placed(discs, homes))).toEqual([]);
    const back = viewOf(graphOf([...EDGES].reverse()));
    expect(Object.fromEntries(laid(discsOf(back), back))).toEqual(Object.fromEntries(homes));
  });

  it('gives a newcomer a place and moves nobody', () => {
    const discs = discsOf(viewOf(graphOf(EDGES)));
    const homes = laid(discs);
    const after = viewOf(graphOf([...EDGES, 'n3>late']));
    const next = laid(discsOf(after), after, homes);
    for (const [id, home] of homes) expect(next.get(id)).toEqual(home);
    expect(next.has('late')).toBe(true);
    expect(covered(discsOf(after), placed(discsOf(after), next))).toEqual([]);
  });

  it('answers by its deadline with whatever there is, still without covering', () => {
    let now = 0;
    const discs = discsOf(viewOf(graphOf(EDGES)));
    const field = { ...fieldOf(viewOf(graphOf(EDGES)), discs, new Map()), patience: 3 };
    const at = new Map(settleField(field, () => now++).map(([id, x, y]) => [id, { x, y }]));
    expect(at.size).toBe(24);
    expect(covered(discs, at)).toEqual([]);
  });
});

describe('a namespace that opens', () => {
  const workloads = Array.from({ length: 60 }, (_, at) => `w${at}`);
  const opened = open(
    workloads.map((id) => `${id}>n4`),
    workloads,
  );

  it('keeps its place and pushes the others away; closing brings all home', () => {
    const discs = discsOf(viewOf(graphOf(EDGES)));
    const homes = laid(discs);
    const during = placed(discsOf(opened), homes);
    expect(during.get('n3')).toEqual({ x: homes.get('n3')?.x, y: homes.get('n3')?.y });
    expect(covered(discsOf(opened), during)).toEqual([]);
    expect(placed(discs, homes).get('n9')).toEqual({ x: homes.get('n9')?.x, y: homes.get('n9')?.y });
  });

  it('holds all who live in it within its rim, apart from each other', () => {
    const group = discsOf(opened).find(({ node }) => node.id === 'n3');
    expect(group?.members.length).toBe(60);
    const at = workloads.map((_, place) => seed(place));
    for (const point of at) expect(Math.hypot(point.x, point.y) + DOT).toBeLessThan(group?.r ?? 0);
    const nearest = Math.min(
      ...at.flatMap((a, one) => at.slice(one + 1).map((b) => Math.hypot(a.x - b.x, a.y - b.y))),
    );
    expect(nearest).toBeGreaterThan(2 * DOT);
  });
});
