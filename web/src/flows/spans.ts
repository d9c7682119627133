/** Shares the circle out: arcs within groups, and on each arc a place for both ends of its ribbons. Pure. */
import type { Measure } from '../domain/traffic';
import type { Link, Ring } from './ring';

/** Radians clockwise from twelve o'clock. */
export interface Span {
  start: number;
  end: number;
}

export interface Spans {
  groups: ReadonlyMap<string, Span>;
  arcs: ReadonlyMap<string, Span>;
  ribbons: ReadonlyMap<string, { source: Span; target: Span }>;
}

interface Options {
  measure: Measure;
  /** 0.5 is the square root, which lets small ones be seen; 1 is true to volume. */
  power: number;
}

const CIRCLE = 2 * Math.PI;
const THINNEST = 0.004;

/** What a link weighs; what is not counted weighs nothing and still has its thin ribbon. */
export const weightOf = (link: Link, { measure, power }: Options): number =>
  Math.max(0, link.traffic[measure] ?? 0) ** power;

interface End {
  link: Link;
  way: 'source' | 'target';
  /** The other end, as steps counter-clockwise from this one. */
  away: number;
}

export function shareOut(ring: Ring, options: Options): Spans {
  const places = new Map(ring.arcs.map((arc, at) => [arc.id, at]));
  const gaps = gapsOf(ring);
  const ends = 2 * ring.links.length;
  const room = CIRCLE - gaps.total;
  const floor = ends ? Math.min(THINNEST, (0.3 * room) / ends) : 0;
  const weights = new Map(ring.links.map((link) => [link.id, weightOf(link, options)]));
  const sum = 2 * [...weights.values()].reduce((all, weight) => all + weight, 0);
  const spread = room - ends * floor;
  const widthOf = (link: Link) =>
    floor + (sum > 0 ? (spread * (weights.get(link.id) ?? 0)) / sum : spread / ends);

  const groups = new Map<string, Span>();
  const arcs = new Map<string, Span>();
  const ribbons = new Map<string, { source: Span; target: Span }>();
  const placed = endsOf(ring, places);
  let at = gaps.group / 2;
  ring.arcs.forEach((arc, index) => {
    const before = ring.arcs[index - 1];
    if (before) at += before.group === arc.group ? gaps.arc : gaps.group;
    const start = at;
    for (const { link, way } of placed[index] ?? []) {
      const span = { start: at, end: at + widthOf(link) };
      at = span.end;
      const known = ribbons.get(link.id) ?? { source: span, target: span };
      ribbons.set(link.id, { ...known, [way]: span });
    }
    arcs.set(arc.id, { start, end: at });
    groups.set(arc.group, { start: groups.get(arc.group)?.start ?? start, end: at });
  });
  return { groups, arcs, ribbons };
}

function gapsOf({ groups, arcs }: Ring): { group: number; arc: number; total: number } {
  const inner = arcs.length - groups.length;
  const group = Math.min(0.06, 0.9 / Math.max(1, groups.length));
  const arc = Math.min(0.012, 0.5 / Math.max(1, inner));
  return { group, arc, total: groups.length * group + inner * arc };
}

/** The ends on each arc in such an order that ribbons cross no more than they must. */
function endsOf(ring: Ring, places: ReadonlyMap<string, number>): End[][] {
  const count = ring.arcs.length;
  const ends: End[][] = ring.arcs.map(() => []);
  for (const link of ring.links) {
    const [source, target] = [places.get(link.source) ?? 0, places.get(link.target) ?? 0];
    ends[source]?.push({ link, way: 'source', away: (source - target + count) % count });
    ends[target]?.push({ link, way: 'target', away: (target - source + count) % count });
  }
  ends.forEach((list, here) => {
    list.sort((a, b) => a.away - b.away || between(a, b, here, places));
  });
  return ends;
}

/** Of two ribbons between the same arcs one lies inside the other, so the further arc has them turned round. */
function between(a: End, b: End, here: number, places: ReadonlyMap<string, number>): number {
  if (a.link.id === b.link.id) return a.way === 'source' ? -1 : 1;
  const other = places.get(a.way === 'source' ? a.link.target : a.link.source) ?? 0;
  const order = a.link.id < b.link.id ? -1 : 1;
  return here <= other ? order : -order;
}
