import {
  forceCollide,
  forceLink,
  forceManyBody,
  forceSimulation,
  forceX,
  forceY,
  type SimulationLinkDatum,
  type SimulationNodeDatum,
} from 'd3-force';
import type { Point } from '../layout/size';

export interface Body {
  id: string;
  r: number;
  /** Where it stays, if it has a place already. */
  at: Point | null;
}
export interface Tie {
  source: string;
  target: string;
  weight: number;
}
export interface Field {
  bodies: Body[];
  ties: Tie[];
  /** Milliseconds after which what there is by then is the answer. */
  patience: number;
}

interface Moving extends SimulationNodeDatum, Body {
  id: string;
}

const TICKS = 240;
const GAP = 9;
const STRONGEST = 4;

/** Who talks to each other stands together, nobody covers anybody. Whoever has a place keeps it. */
export function settleField(
  { bodies, ties, patience }: Field,
  clock: () => number,
): [string, number, number][] {
  const until = clock() + patience;
  const near = new Map(bodies.flatMap((body) => (body.at ? [[body.id, body.at] as const] : [])));
  const strong = strongest(ties);
  const start = beside(strong, near);
  const nodes = bodies.map((body): Moving => {
    if (body.at) return { ...body, x: body.at.x, y: body.at.y, fx: body.at.x, fy: body.at.y };
    return { ...body, ...start.get(body.id) };
  });
  const collide = forceCollide<Moving>((node) => node.r + GAP).iterations(2);
  const simulation = forceSimulation(nodes)
    .force(
      'link',
      forceLink<Moving, SimulationLinkDatum<Moving> & Tie>(strong.map((tie) => ({ ...tie })))
        .id((node) => node.id)
        .distance((link) => (link.source as unknown as Moving).r + (link.target as unknown as Moving).r + 40)
        .strength(0.12),
    )
    .force(
      'charge',
      forceManyBody<Moving>()
        .strength((node) => -3 * node.r)
        .distanceMax(900),
    )
    .force('x', forceX<Moving>(0).strength(0.03))
    .force('y', forceY<Moving>(0).strength(0.09))
    .force('collide', collide)
    .stop();
  for (let tick = 0; tick < TICKS && clock() < until; tick += 1) simulation.tick();
  // Whoever is still covered makes way: without the other forces a few rounds are enough.
  simulation.force('link', null).force('charge', null).force('x', null).force('y', null).alpha(0.3);
  for (let tick = 0; tick < 20; tick += 1) simulation.tick();
  return nodes.map((node) => [node.id, node.x ?? 0, node.y ?? 0]);
}

/** The busiest ties of each: with all of them everything would be drawn into one heap. */
function strongest(ties: readonly Tie[]): Tie[] {
  const kept = new Map<string, number>();
  return [...ties]
    .sort((a, b) => b.weight - a.weight || (a.source + a.target < b.source + b.target ? -1 : 1))
    .filter(({ source, target }) => {
      const most = Math.min(kept.get(source) ?? 0, kept.get(target) ?? 0);
      if (most >= STRONGEST) return false;
      for (const end of [source, target]) kept.set(end, (kept.get(end) ?? 0) + 1);
      return true;
    });
}

/** Newcomers begin beside those whom they talk to. */
function beside(ties: readonly Tie[], near: ReadonlyMap<string, Point>): Map<string, Point> {
  const start = new Map<string, Point>();
  ties.forEach(({ source, target }, at) => {
    for (const [one, other] of [
      [source, target],
      [target, source],
    ] as const) {
      const place = near.get(other);
      if (!near.has(one) && place && !start.has(one))
        start.set(one, { x: place.x + 30 * Math.cos(at), y: place.y + 30 * Math.sin(at) });
    }
  });
  return start;
}
