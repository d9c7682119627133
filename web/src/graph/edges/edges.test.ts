import { describe, expect, it } from 'vitest';
import { graphOf, viewOf } from '../fixture';
import type { Rect } from '../layout/size';
import { widthOf } from '../widths';
import { placeBadges } from './badges';
import { curve, pointOn, sidesFor, spread } from './geometry';
import { routeAll } from './route';

const box = (x: number, y: number): Rect => ({ x, y, w: 160, h: 82 });

describe('geometry', () => {
  it('leaves at the right and enters at the left where there is room, else up, down or backwards', () => {
    expect(sidesFor(box(0, 0), box(300, 0))).toEqual(['right', 'left']);
    expect(sidesFor(box(300, 0), box(0, 0))).toEqual(['left', 'right']);
    expect(sidesFor(box(0, 0), box(20, 120))).toEqual(['bottom', 'top']);
    expect(sidesFor(box(0, 200), box(20, 80))).toEqual(['top', 'bottom']);
    expect(sidesFor(box(0, 0), box(0, 400))).toEqual(['right', 'right']);
  });

  it('spreads ends evenly and never over a corner', () => {
    expect(spread(1, 82)).toEqual([0]);
    expect(spread(3, 82)).toEqual([-14, 0, 14]);
    const many = spread(30, 82);
    expect(many[0]).toBeGreaterThanOrEqual(-33);
    expect(many.at(-1)).toBeLessThanOrEqual(33);
  });

  it('shortens a line by its marker and ends in the direction of travel', () => {
    const line = curve({ x: 160, y: 41 }, 'right', { x: 300, y: 41 }, 'left', 9);
    expect(line.d).toEqual({ x: 291, y: 41 });
    expect(line.end).toEqual({ at: { x: 300, y: 41 }, along: { x: 1, y: -0 } });
    expect(pointOn(line, 0)).toEqual(line.a);
    expect(pointOn(line, 1)).toEqual(line.d);
  });
});

describe('routes', () => {
  const rects = new Map([
    ['a', box(0, 0)],
    ['b', box(400, 0)],
    ['c', box(400, 200)],
  ]);

  it('gives a mixed edge two strokes that do not lie on each other', () => {
    const [route] = routeAll(viewOf(graphOf(['a~b'])), rects);
    expect(route?.strokes.map((stroke) => stroke.verdict)).toEqual(['allowed', 'denied']);
    const ys = route?.strokes.map((stroke) => Number(/^M\S+ (\S+)C/.exec(stroke.path)?.[1])) ?? [];
    expect(Math.abs((ys[0] ?? 0) - (ys[1] ?? 0))).toBeGreaterThanOrEqual(3);
  });

  it('orders ends on a side by where they go', () => {
    const routes = routeAll(viewOf(graphOf(['a>c', 'a>b'])), rects);
    const y = (id: string) => routes.find((route) => route.edge.id === id)?.line.a.y ?? 0;
    expect(y('a-b')).toBeLessThan(y('a-c'));
  });

  it('always counts what was denied, and keeps badges apart', () => {
    const edges = Array.from({ length: 12 }, (_, at) => `a!d${at}`);
    const view = viewOf(graphOf([...edges, 'a>b']));
    const places = new Map([
      ['a', box(0, 0)],
      ['b', box(400, 0)],
      ...edges.map((_, at) => [`d${at}`, box(400, 100 * at - 500)] as const),
    ]);
    const badges = placeBadges(routeAll(view, places), [...places.values()], new Set());
    expect(badges.filter((badge) => badge.kind === 'denied')).toHaveLength(12);
    expect(new Set(badges.map((badge) => `${badge.at.x} ${badge.at.y}`)).size).toBe(badges.length);
  });
});

describe('width', () => {
  const bytes = (value: number) => ({
    records: 1,
    connections: 1,
    packets: 1,
    bytes: value,
    estimated: false,
  });
  it('runs from 1 KB/s to 100 MB/s by the logarithm', () => {
    expect(widthOf(bytes(1e3), 'bytes', 1)).toBeCloseTo(1.25);
    expect(widthOf(bytes(1e8), 'bytes', 1)).toBeCloseTo(8);
    expect(widthOf(bytes(1e12), 'bytes', 1)).toBe(8);
    expect(widthOf(bytes(10 ** 5.5), 'bytes', 1)).toBeCloseTo((1.25 + 8) / 2);
    expect(widthOf({ ...bytes(0), bytes: null }, 'bytes', 1)).toBe(1.25);
  });
});
