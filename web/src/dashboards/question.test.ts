import { describe, expect, it } from 'vitest';
import { TOGETHER, together } from '../api/aggregate';
import type { DashboardDocument, Query, Widget } from './document';
import { drillTo } from './drill';
import { imported } from './exchange';
import { intervalOf, questionsOf, timesOf } from './question';
import { scopeFilter } from './variables';

const document: DashboardDocument = {
  format: 1,
  title: 'D',
  widgets: [],
  variables: [
    { name: 'namespace', title: 'Namespace', fields: { flows: ['source_namespace'] } },
    { name: 'host', title: 'Node', fields: { flows: ['host'], dns: ['host'] }, default: 'n1' },
  ],
};
const widget = (kind: Widget['kind'], query: Partial<Query>): Widget => ({
  id: 'w',
  title: 'W',
  kind,
  place: { x: 0, y: 0, w: 1, h: 1 },
  query: { kind: 'flows', metrics: [{ op: 'sum', field: 'bytes_in' }], ...query },
});
const scope = {
  range: { from: 'now-1h', to: 'now' },
  namespaces: ['shop'],
  values: {},
  document,
  zone: 'UTC',
};
const NOW = Date.UTC(2026, 10, 23, 14, 35, 40);

describe('the scope', () => {
  it('takes the fields that the dashboard names, else those of the kind', () => {
    expect(scopeFilter('flows', scope)).toBe('source_namespace : shop and host : "n1"');
    expect(scopeFilter('l7', { ...scope, document: { ...document, variables: [] } })).toBe(
      'src_namespace : shop or dest_namespace : shop',
    );
    expect(scopeFilter('bgp', scope)).toBeNull();
  });

  it('puts values into a filter as phrases, whatever they are', () => {
    const values = { host: '" or not action : allow or "' };
    expect(scopeFilter('dns', { ...scope, namespaces: [], values })).toBe(
      'host : "\\" or not action : allow or \\""',
    );
  });
});

describe('questions', () => {
  it('ask a number for its way and for the range before, and whether it is estimated', () => {
    const asked = questionsOf(widget('number', {}), scope, NOW);
    expect(Object.keys(asked)).toEqual(['main', 'trend', 'before', 'sampled']);
    expect(asked.sampled?.ask.filter).toContain('sampling : *');
    expect(timesOf(asked.before as never, scope.range, NOW)).toEqual({
      from: '2026-11-23T12:35:40Z',
      to: '2026-11-23T13:35:40Z',
    });
  });

  it('end a live series with the last whole bucket, and leave a paused range as it is', () => {
    const { main } = questionsOf(widget('timeseries', { interval: 300 }), scope, NOW);
    expect(timesOf(main as never, scope.range, NOW)).toEqual({
      from: '2026-11-23T13:35:00Z',
      to: '2026-11-23T14:35:00Z',
    });
    const held = { from: '2026-11-23T14:01:02Z', to: '2026-11-23T14:11:02Z' };
    expect(timesOf(main as never, held, NOW)).toEqual(held);
    const exact = { from: '2026-11-23T14:01:02.818264Z', to: '2026-11-23T14:11:02.818264Z' };
    expect(timesOf(main as never, exact, NOW)).toEqual(exact);
  });

  it('end a live series of what comes one by one now', () => {
    const { main } = questionsOf(widget('timeseries', { kind: 'alerts', interval: 300 }), scope, NOW);
    expect(timesOf(main as never, scope.range, NOW)).toEqual({
      from: '2026-11-23T13:35:40Z',
      to: '2026-11-23T14:35:40Z',
    });
  });

  it('ask for no more buckets than an answer holds', () => {
    const month = 30 * 86_400_000;
    const query: Query = {
      kind: 'flows',
      metrics: [{ op: 'count' }],
      interval: 10,
      groupBy: ['host'],
      limit: 1000,
    };
    const seconds = intervalOf(query, month, 90) ?? 0;
    expect((month / 1000 / seconds) * 1000).toBeLessThanOrEqual(100_000);
    expect(intervalOf({ ...query, interval: 'auto', limit: 10 }, 60_000, 90)).toBe(60);
    expect(intervalOf({ ...query, interval: null }, month, 90)).toBeNull();
  });

  it('cut time into hours for a calendar, and into longer ones where there are too many', () => {
    const calendar = { ...widget('heatmap', {}), calendar: 'days' as const };
    const of = (from: string, zone: string) =>
      questionsOf(calendar, { ...scope, zone, range: { from, to: 'now' } }, NOW).main?.ask.interval;
    expect([of('now-7d', 'UTC'), of('now-7d', 'Asia/Kolkata'), of('now-90d', 'UTC')]).toEqual([
      3600, 1800, 7200,
    ]);
  });

  it('go together within what the server admits', () => {
    const ask = {
      ...(questionsOf(widget('number', {}), scope, NOW).main?.ask as object),
      range: { from: 'a', to: 'b' },
    };
    const { document: text, variables } = together(Array(TOGETHER).fill(ask), null);
    const tokens = text.match(/[A-Za-z_]\w*|[{}()[\]:$!]|\.\.\./g) ?? [];
    expect(tokens.length).toBeLessThanOrEqual(1000);
    expect(Object.keys(variables)).toHaveLength(1 + 8 * TOGETHER);
  });
});

it('leads from a mark to its records: kind, filter, groups, time', () => {
  const mark = { keys: ['a"b', null], from: NOW, to: NOW + 500 };
  const shown = widget('table', {
    filter: 'action : deny or action : pass',
    groupBy: ['dest_name', 'dest_port'],
  });
  expect(drillTo(shown, mark, scope)).toEqual({
    kind: 'flows',
    query: '(action : deny or action : pass) and host : "n1" and dest_name : "a\\"b" and (not dest_port : *)',
    from: '2026-11-23T14:35:40Z',
    to: '2026-11-23T14:35:41Z',
  });
  expect(drillTo({ ...shown, drill: 'action : deny' }, { ...mark, keys: [] }, scope).query).toBe(
    'action : deny and host : "n1"',
  );
});

it.each([
  ['', /nothing to import/],
  ['[1]', /no object/],
  ['{"a": 1,\n "b" 2}', /no JSON/],
])('says what is wrong with a text that is no document: %j', (text, problem) =>
  expect(imported(text).problem).toMatch(problem));
it('leaves judging a document to the server', () => expect(imported('{"format": 2}').problem).toBeNull());
