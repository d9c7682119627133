import { describe, expect, it } from 'vitest';
import {
  type Compared,
  type Comparison,
  changeMark,
  changesOf,
  changeWords,
  comparedRange,
  withGone,
} from './comparison';
import type { Graph, GraphEdge, GraphNode } from './graph';
import { NOTHING, type Traffic } from './traffic';

const NOW = Date.parse('2026-11-29T12:00:00Z');
const some = (connections: number): Traffic => ({ ...NOTHING, records: 1, connections });
const node = (id: string): GraphNode => ({
  id,
  kind: 'NAMESPACE',
  name: id,
  namespace: id,
  cluster: 'east',
  parentId: null,
  members: 1,
});
const edge = (source: string, target: string, allowed = some(1), denied = NOTHING): GraphEdge => ({
  id: `${source}${target}`,
  source,
  target,
  allowed,
  denied,
});
const graph = (...edges: GraphEdge[]): Graph => ({
  nodes: new Map(edges.flatMap(({ source, target }) => [source, target]).map((id) => [id, node(id)])),
  edges: new Map(edges.map((each) => [each.id, each])),
  from: '',
  to: '',
  asOf: '',
  truncated: false,
  stale: false,
});
const was = (id: string, change: Compared['change'], ratio: number | null = null): Compared => ({
  id,
  change,
  ratio,
  allowed: some(7),
  denied: NOTHING,
});

function compared(told: Compared[], ...edges: GraphEdge[]): Comparison {
  const { nodes, edges: both } = graph(...edges);
  const counts = { VERDICT: 0, NEW: 0, GONE: 0, VOLUME: 0, SAME: 0 };
  const by = new Map(told.map((each) => [each.id, each]));
  return { edges: by, nodes, both, counts, from: '', to: '', comparable: true, truncated: false };
}

describe('the range that one is compared with', () => {
  const paused = { from: '2026-11-29T10:00:00Z', to: '2026-11-29T10:30:00Z' };
  it.each([
    ['before', '2026-11-29T09:30:00Z', '2026-11-29T10:00:00Z'],
    ['day', '2026-11-28T10:00:00Z', '2026-11-28T10:30:00Z'],
    ['week', '2026-11-22T10:00:00Z', '2026-11-22T10:30:00Z'],
    ['2026-11-01T00:00:00Z', '2026-11-01T00:00:00Z', '2026-11-01T00:30:00Z'],
  ])('of a range that stands still, %s', (compare, from, to) => {
    expect(comparedRange(paused, compare, NOW)).toEqual({ from, to });
  });
  it('moves with a range that follows now', () => {
    const live = { from: 'now-30m', to: 'now' };
    expect(comparedRange(live, 'before', NOW)).toEqual({ from: 'now-3600s', to: 'now-1800s' });
    expect(comparedRange(live, 'day', NOW)).toEqual({ from: 'now-88200s', to: 'now-86400s' });
  });
  it('stays relative to now as far as the range is', () => {
    const hour = { from: 'now-2h', to: 'now-1h' };
    expect(comparedRange(hour, 'before', NOW)).toEqual({ from: 'now-10800s', to: 'now-7200s' });
    const open = { from: '2026-11-29T11:00:00Z', to: 'now' };
    expect(comparedRange(open, 'day', NOW)).toEqual({ from: '2026-11-28T11:00:00Z', to: 'now-86400s' });
  });
  it('is none of what is no moment', () => {
    expect(comparedRange(paused, 'soon', NOW)).toBeNull();
  });
});

describe('what became of edges', () => {
  const gone = edge('a', 'x', NOTHING);
  const comparison = compared(
    [was('ab', 'SAME'), was('ac', 'NEW'), was('ax', 'GONE')],
    edge('a', 'b'),
    edge('a', 'c'),
    gone,
  );
  const present = graph(edge('a', 'b'), edge('a', 'c'));
  it('shows what is gone, without what it carried', () => {
    const shown = withGone(present, comparison);
    expect([...shown.edges.keys()]).toEqual(['ab', 'ac', 'ax']);
    expect(shown.edges.get('ax')?.allowed).toEqual(NOTHING);
    expect(shown.nodes.has('x')).toBe(true);
    expect(present.edges.has('ax')).toBe(false);
  });
  it('tells what is not as it was', () => {
    expect([...changesOf(present, comparison).keys()]).toEqual(['ac', 'ax']);
  });
  it('takes nothing for gone that flows again, and nothing for new that has stopped', () => {
    expect([...changesOf(graph(edge('a', 'x')), comparison).keys()]).toEqual([]);
  });
  it('says it in words', () => {
    expect(changeMark(was('ab', 'VOLUME', 9.04))).toBe('×9');
    expect(changeMark(was('ab', 'VOLUME', 0.25))).toBe('÷4');
    expect(changeMark(was('ab', 'GONE'))).toBe('gone');
    expect(changeWords(was('ab', 'VERDICT'), 'denied')).toBe('Was allowed, is denied');
    expect(changeWords(was('ab', 'VOLUME', 1234), 'allowed')).toBe('Tried ×1,234 as often by the second');
  });
});
