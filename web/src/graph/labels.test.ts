import { describe, expect, it } from 'vitest';
import { placeBadges } from './edges/badges';
import { routeAll } from './edges/route';
import { graphOf, viewOf } from './fixture';
import { figureText, labelling } from './labels';

describe('a label', () => {
  const graph = graphOf(['a>b', 'b~c']);
  const edge = [...graph.edges.values()][0] as never;

  it('is a rate of the measure that was chosen, else of the width', () => {
    expect(labelling(null, 'bytes', 100, null)(edge)).toEqual({ text: '1 KB/s', weight: 100_000 });
    expect(labelling('connections', 'bytes', 100, null)(edge).text).toBe('1/s');
    expect(labelling('off', 'bytes', 100, null)(edge).text).toBe('');
  });

  it('is a figure where one was measured, and no zero where none was', () => {
    const of = labelling('rtt', 'bytes', 100, new Map([['a-b', { value: 1200, of: 3 }]]));
    expect([...graph.edges.values()].map((each) => of(each).text)).toEqual(['1.2 ms', '']);
    expect(labelling('rtt', 'bytes', 100, null)(edge).text).toBe('');
  });

  it('of failures is their share', () => {
    expect(figureText('http', { value: 21, of: 1000 })).toBe('2.1 %');
    expect(figureText('http', { value: 1, of: 100_000 })).toBe('< 0.1 %');
    expect(figureText('dns-failures', { value: 5, of: null })).toBe('5 failed');
    expect(figureText('retransmissions', { value: 1500, of: 3 })).toBe('1.5k again');
  });

  it('that is empty draws no badge, but what was denied keeps its own', () => {
    const view = viewOf(graph, { label: labelling('off', 'bytes', 100, null) });
    const rects = new Map(view.nodes.map(({ id }, at) => [id, { x: 400 * at, y: 0, w: 160, h: 80 }]));
    const badges = placeBadges(routeAll(view, rects), [], new Set());
    expect(badges.map(({ id, kind }) => [id, kind])).toEqual([['b-c', 'denied']]);
  });
});
