import { describe, expect, it } from 'vitest';
import type { NodeKind } from '../domain/graph';
import { graphOf } from '../graph/fixture';
import { arcPath, ribbonPath } from './geometry';
import { labelsOf } from './labels';
import { buildRing, groupsOf, type Ring, within } from './ring';
import { type Span, shareOut, weightOf } from './spans';
import { readSteps } from './zoom';

const KINDS: Record<string, [NodeKind, string?]> = {
  web: ['WORKLOAD', 'shop'],
  cart: ['WORKLOAD', 'shop'],
  db: ['WORKLOAD', 'data'],
  pub: ['NETWORK'],
};
const GRAPH = graphOf(['pub>web', 'web>cart', 'web~db', 'cart!db', 'db>db'], KINDS);

/** Numbers that look random and are the same each time. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

/** Any ring: up to forty names in up to nine groups, volumes from nothing to millions. */
function randomRing(seed: number): Ring {
  const next = chance(seed);
  const kinds: Record<string, [NodeKind, string?]> = {};
  const names = Array.from({ length: 2 + Math.floor(next() * 38) }, (_, at) => `n${at}`);
  for (const name of names) kinds[name] = ['WORKLOAD', `g${Math.floor(next() * 9)}`];
  const pick = () => names[Math.floor(next() * names.length)] as string;
  const edges = new Set<string>();
  for (let at = 0; at < 3 * names.length; at += 1)
    edges.add(`${pick()}${'>!~'[Math.floor(next() * 3)]}${pick()}`);
  const ring = buildRing(graphOf([...edges], kinds), [], 'all');
  const links = ring.links.map((link) => {
    const connections = next() < 0.1 ? null : Math.floor(10 ** (next() * 7));
    return { ...link, traffic: { ...link.traffic, connections } };
  });
  return { ...ring, links };
}

const width = ({ start, end }: Span) => end - start;
const SEEDS = Array.from({ length: 24 }, (_, at) => at + 1);

describe('what stands in the ring', () => {
  it('has names by namespace, then the outside, and a link for each verdict', () => {
    const ring = buildRing(GRAPH, [], 'all');
    expect(ring.groups.map(({ name }) => name)).toEqual(['data', 'shop', 'Outside cluster']);
    expect(ring.arcs.map(({ name }) => name)).toEqual(['db', 'cart', 'web', 'Public network']);
    expect(ring.links.map(({ id }) => id)).toEqual([
      'cart-db denied',
      'db-db allowed',
      'pub-web allowed',
      'web-cart allowed',
      'web-db allowed',
      'web-db denied',
    ]);
  });

  it('shows of one status only what has it, and leaves out who has none of it', () => {
    const ring = buildRing(GRAPH, [], 'denied');
    expect(ring.links.map(({ id }) => id)).toEqual(['cart-db denied', 'web-db denied']);
    expect(ring.arcs.map(({ name }) => name)).toEqual(['db', 'cart', 'web']);
  });

  it('shows of a namespace or a name what touches it', () => {
    const ids = (steps: string[]) => within(GRAPH, readSteps(steps)).map(({ id }) => id);
    expect(ids(['ns:shop'])).toEqual(['pub-web', 'web-cart', 'web-db', 'cart-db']);
    expect(ids(['ns:shop', 'node:cart'])).toEqual(['web-cart', 'cart-db']);
    expect(ids(['ns:shop', 'node:cart', 'edge:cart-db'])).toEqual(['cart-db']);
  });

  it('keeps the volume: what the links carry is what the edges carry', () => {
    const ring = buildRing(GRAPH, [], 'all');
    const edges = [...GRAPH.edges.values()];
    const total = edges.reduce(
      (sum, { allowed, denied }) => sum + (allowed.bytes ?? 0) + (denied.bytes ?? 0),
      0,
    );
    expect(ring.links.reduce((sum, { traffic }) => sum + (traffic.bytes ?? 0), 0)).toBe(total);
    const own = edges.filter(({ source, target }) => source === target);
    const twice = ring.arcs.reduce(
      (sum, { allowed, denied }) => sum + (allowed.bytes ?? 0) + (denied.bytes ?? 0),
      0,
    );
    const within = own.reduce((sum, { allowed }) => sum + (allowed.bytes ?? 0), 0);
    expect(twice).toBe(2 * total - within);
  });

  it('gives a namespace the same colour however far one has gone in', () => {
    const opened = graphOf(['pub>web', 'web~data'], { web: ['WORKLOAD', 'shop'], pub: ['NETWORK'] });
    const colours = (of: typeof GRAPH) =>
      [...groupsOf(of).values()].map(({ name, colour }) => [name, colour]);
    expect(colours(opened)).toEqual(colours(GRAPH));
  });
});

describe.each(SEEDS)('the shares of a circle, ring %i', (seed) => {
  const ring = randomRing(seed);
  const power = 0.5 + (seed % 6) / 10;
  const options = { measure: 'connections', power } as const;
  const spans = shareOut(ring, options);

  it('fill it but for the gaps, in order, and nothing overlaps', () => {
    const arcs = ring.arcs.map(({ id }) => spans.arcs.get(id) as Span);
    let at = 0;
    for (const arc of arcs) {
      expect(arc.start).toBeGreaterThan(at);
      expect(arc.end).toBeGreaterThan(arc.start);
      at = arc.end;
    }
    expect(at).toBeLessThan(2 * Math.PI);
    const filled = arcs.reduce((sum, arc) => sum + width(arc), 0);
    const inner = ring.arcs.length - ring.groups.length;
    const gaps = ring.groups.length * Math.min(0.06, 0.9 / ring.groups.length);
    const small = inner * Math.min(0.012, 0.5 / Math.max(1, inner));
    expect(filled + gaps + small).toBeCloseTo(2 * Math.PI, 9);
  });

  it('give each arc exactly the ends of its ribbons, side by side', () => {
    for (const arc of ring.arcs) {
      const ends = ring.links.flatMap((link) => {
        const both = spans.ribbons.get(link.id);
        if (!both) throw new Error(`no ribbon for ${link.id}`);
        return [
          ...(link.source === arc.id ? [both.source] : []),
          ...(link.target === arc.id ? [both.target] : []),
        ];
      });
      ends.sort((a, b) => a.start - b.start);
      const whole = spans.arcs.get(arc.id) as Span;
      expect(ends[0]?.start).toBe(whole.start);
      ends.forEach((end, at) => {
        expect(end.end).toBe(ends[at + 1]?.start ?? whole.end);
      });
    }
  });

  it('are as wide at both ends, and never narrower for more', () => {
    const wide = ring.links.map((link) => {
      const both = spans.ribbons.get(link.id) as { source: Span; target: Span };
      expect(width(both.source)).toBeCloseTo(width(both.target), 9);
      return { weight: weightOf(link, options), angle: width(both.source) };
    });
    wide.sort((a, b) => a.weight - b.weight);
    wide.slice(1).forEach((link, at) => {
      expect(link.angle).toBeGreaterThanOrEqual((wide[at]?.angle ?? 0) - 1e-9);
    });
  });

  it('are the same whatever order the edges came in', () => {
    const shuffled = { ...ring, links: ring.links.toReversed() };
    const again = shareOut(shuffled, options);
    for (const [id, span] of spans.arcs) expect(again.arcs.get(id)?.start).toBeCloseTo(span.start, 9);
    for (const [id, { source }] of spans.ribbons)
      expect(again.ribbons.get(id)?.source.start).toBeCloseTo(source.start, 9);
  });

  it('have names that do not run into one another', () => {
    const { groups, arcs, radius } = labelsOf(ring, spans, { width: 1100, height: 800 }, new Set());
    expect(radius).toBeGreaterThan(150);
    expect(arcs.length).toBeGreaterThan(0);
    const rows = groups.map(({ x, y }) => ({ x, y }));
    for (const [at, a] of rows.entries())
      for (const b of rows.slice(at + 1)) expect(Math.hypot(a.x - b.x, a.y - b.y)).toBeGreaterThan(20);
  });
});

describe('shares by volume', () => {
  it('are the shares of the volume where the power is one', () => {
    const ring = buildRing(graphOf(['a>b', 'c>d', 'e>f']), [], 'all');
    const links = ring.links.map((link, at) => ({
      ...link,
      traffic: { ...link.traffic, bytes: 10 ** (6 + at) },
    }));
    const { arcs } = shareOut({ ...ring, links }, { measure: 'bytes', power: 1 });
    const [a, c, e] = ['a', 'c', 'e'].map((id) => width(arcs.get(id) as Span) - 0.004) as [
      number,
      number,
      number,
    ];
    expect(c / a).toBeCloseTo(10, 6);
    expect(e / a).toBeCloseTo(100, 6);
  });

  it('are even where nothing is counted', () => {
    const ring = buildRing(graphOf(['a>b', 'c>d']), [], 'all');
    const links = ring.links.map((link) => ({ ...link, traffic: { ...link.traffic, bytes: null } }));
    const { arcs } = shareOut({ ...ring, links }, { measure: 'bytes', power: 0.5 });
    const wide = [...arcs.values()].map(width);
    for (const each of wide) expect(each).toBeCloseTo(wide[0] as number, 9);
  });

  it('of nothing are nothing', () => {
    const spans = shareOut({ groups: [], arcs: [], links: [] }, { measure: 'bytes', power: 1 });
    expect(spans.arcs.size + spans.groups.size + spans.ribbons.size).toBe(0);
  });
});

describe('the paths', () => {
  it('are closed and finite', () => {
    const spans = shareOut(buildRing(GRAPH, [], 'all'), { measure: 'bytes', power: 0.5 });
    const paths = [
      ...[...spans.arcs.values()].map((span) => arcPath(span, 200)),
      ...[...spans.ribbons.values()].map((both) => ribbonPath(both, 200)),
    ];
    for (const path of paths) expect(path).toMatch(/^M[^N]+Z$/);
  });
});
