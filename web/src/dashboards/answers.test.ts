import { describe, expect, it } from 'vitest';
import { type Answer, condensed, readAnswer, secondsOf } from './answer';
import { barsOf } from './bars';
import { toCsv } from './csv';
import type { Query, Widget } from './document';
import { heatOf } from './heat';
import { heights, plotOf, seriesAt } from './series';
import { arc, MOST_SLICES, slicesOf } from './slices';
import { sorted, tabular } from './tabular';

const T0 = Date.UTC(2026, 10, 23, 14);
const widget = (kind: Widget['kind'], query: Partial<Query>, rest: Partial<Widget> = {}): Widget => ({
  id: 'w',
  title: 'W',
  kind,
  place: { x: 0, y: 0, w: 6, h: 4 },
  query: { kind: 'flows', metrics: [{ op: 'sum', field: 'bytes_in' }], ...query },
  ...rest,
});
const answer = (
  rows: [(string | null)[], number | null, (number | null)[]][],
  rest: Partial<Answer> = {},
): Answer => ({
  from: T0,
  to: T0 + 600_000,
  interval: null,
  starts: [],
  rows: rows.map(([keys, bucket, values]) => ({ keys, bucket, values })),
  other: [],
  groups: rows.length,
  truncated: false,
  approximate: false,
  ...rest,
});
const minutes = (count: number) => ({
  interval: 60,
  starts: Array.from({ length: count }, (_, at) => T0 + at * 60_000),
  to: T0 + count * 60_000,
});

it('reads columns into rows, large numbers among them', () => {
  const told = readAnswer({
    range: { from: '2026-11-23T14:00:00Z', to: '2026-11-23T14:10:00Z' },
    interval: 60,
    starts: ['2026-11-23T14:00:00Z'],
    columns: {
      keys: [['a', null]],
      bucket: [0, 0],
      values: [['9007199254740993', null]],
      other: { bucket: [], values: [[]] },
    },
    groups: 2,
    truncated: false,
    approximate: false,
  });
  expect(told.rows).toEqual([
    { keys: ['a'], bucket: 0, values: [9007199254740992] },
    { keys: [null], bucket: 0, values: [null] },
  ]);
  expect(told.other).toEqual([]);
});

it('divides by the seconds of a bucket that lie in the range', () => {
  const cut = answer([], { ...minutes(3), from: T0 + 20_000, to: T0 + 150_000 });
  expect([0, 1, 2, null].map((bucket) => secondsOf(cut, bucket))).toEqual([40, 60, 30, 130]);
  const rate = widget('timeseries', { interval: 60 }, { unit: 'bytes/s' });
  expect(plotOf(rate, { ...cut, rows: [{ keys: [], bucket: 0, values: [4000] }] }).series[0]?.values).toEqual(
    [100, 0, 0],
  );
});

describe('a plot', () => {
  const byAction = widget('timeseries', { groupBy: ['action'], interval: 60 });
  const told = answer(
    [
      [['allow'], 0, [90]],
      [['allow'], 1, [60]],
      [['deny'], 1, [3]],
    ],
    minutes(2),
  );

  it('stacks what adds up, hangs what is denied, and draws it large enough to be seen', () => {
    const plot = plotOf(byAction, told);
    expect(plot.series.map(({ tone, down }) => [tone, down])).toEqual([
      ['edge', false],
      ['deny', true],
    ]);
    expect(plot.boost).toBe(10);
    expect(heights(plot).map((line) => line.map((value) => (value ?? 0) + 0))).toEqual([
      [90, 60],
      [0, -30],
    ]);
    expect(seriesAt(plot, heights(plot), 1, 20)?.name).toBe('allow');
    expect(seriesAt(plot, heights(plot), 1, -20)?.name).toBe('deny');
  });

  it('leaves gaps where a mean is not known, and takes no rest of means', () => {
    const mean = widget('timeseries', {
      groupBy: ['host'],
      metrics: [{ op: 'avg', field: 'bytes_in' }],
      interval: 60,
    });
    const plot = plotOf(mean, {
      ...answer([[['n'], 1, [5]]], minutes(2)),
      other: [{ keys: [], bucket: 0, values: [9] }],
    });
    expect(plot.series.map(({ values }) => values)).toEqual([[null, 5]]);
    expect(plot.stacked).toBe(false);
  });

  it('takes windows longer than a bucket for what they are', () => {
    const comb = answer(
      [
        [['a'], 1, [6]],
        [['a'], 4, [9]],
        [['b'], 7, [3]],
      ],
      minutes(9),
    );
    const whole = condensed(comb);
    expect(whole.interval).toBe(180);
    expect(whole.starts).toEqual([1, 4, 7].map((at) => T0 + at * 60_000));
    expect(whole.rows.map(({ bucket }) => bucket)).toEqual([0, 1, 2]);
    const full = answer(
      [
        [['a'], 0, [1]],
        [['a'], 1, [1]],
        [['a'], 3, [1]],
      ],
      minutes(4),
    );
    expect(condensed(full)).toBe(full);
  });
});

it('shows the largest parts, and the rest as one that leads nowhere', () => {
  const rows = Array.from(
    { length: 12 },
    (_, at) => [[`n${at}`], null, [120 - at]] as [string[], null, number[]],
  );
  const slices = slicesOf(widget('pie', { groupBy: ['host'] }), {
    ...answer(rows),
    other: [{ keys: [], bucket: null, values: [50] }],
  });
  expect(slices).toHaveLength(MOST_SLICES);
  expect(slices.at(-1)).toMatchObject({ name: 'All others', key: undefined });
  expect(slices.reduce((sum, { part }) => sum + part, 0)).toBeCloseTo(1);
  expect(slices.reduce((sum, { value }) => sum + value, 0)).toBe(
    rows.reduce((sum, [, , [v = 0]]) => sum + v, 50),
  );
  expect(arc(0, 1, 48, 31)).toMatch(/^M.*Z$/);
});

it('names what was not logged, and what has no value', () => {
  const codes = slicesOf(
    widget('pie', { kind: 'dns', groupBy: ['rcode'] }),
    answer([
      [['NoError'], null, [9]],
      [[null], null, [1]],
    ]),
  );
  expect(codes.map(({ name, tone }) => [name, tone])).toEqual([
    ['NoError', 'edge'],
    ['unlogged', 'l3'],
  ]);
  const spaces = barsOf(widget('bars', { groupBy: ['dest_namespace'] }), answer([[[null], null, [1]]]));
  expect(spaces.bars[0]).toMatchObject({ name: 'none', keys: [null] });
});

it('puts second groups into one bar, and measures of different units on scales of their own', () => {
  const split = barsOf(
    widget('bars', { groupBy: ['host', 'action'] }),
    answer([
      [['m', 'allow'], null, [5]],
      [['n', 'allow'], null, [4]],
      [['n', 'deny'], null, [6]],
    ]),
  );
  expect(split.bars.map(({ totals }) => totals)).toEqual([[10], [5]]);
  expect(split.bars[0]?.lines[0]?.map(({ tone }) => tone)).toEqual(['edge', 'deny']);
  expect(split.scales).toEqual([{ most: 10, unit: 'bytes' }]);
  const both = barsOf(
    widget('bars', { groupBy: ['host'], metrics: [{ op: 'sum', field: 'bytes_in' }, { op: 'count' }] }),
    answer([
      [['n'], null, [4000, 7]],
      [['m'], null, [100, 9]],
    ]),
  );
  expect(both.scales).toEqual([
    { most: 4000, unit: 'bytes' },
    { most: 9, unit: 'count' },
  ]);
});

it('lays a heat map out by time and by a second group', () => {
  const timed = heatOf(
    widget('heatmap', { groupBy: ['host'], interval: 60 }),
    answer([[['n'], 1, [5]]], minutes(2)),
  );
  expect(timed.cells).toEqual([[null, 5]]);
  expect(timed.markOf(0, 1)).toEqual({ keys: ['n'], from: T0 + 60_000, to: T0 + 120_000 });
  const paired = heatOf(
    widget('heatmap', { groupBy: ['a', 'b'] }),
    answer([
      [['x', 'p'], null, [1]],
      [['x', null], null, [3]],
    ]),
  );
  expect(paired.columns).toEqual(['p', 'none']);
  expect(paired.markOf(0, 1).keys).toEqual(['x', null]);
  expect(paired.most).toBe(3);
});

describe('a table', () => {
  const query: Partial<Query> = {
    groupBy: ['dest_ip'],
    metrics: [{ op: 'sum', field: 'bytes_in', label: 'In' }],
  };
  const told = answer(
    [
      [['10.0.0.2'], null, [5]],
      [['=cmd|1'], null, [null]],
      [[null], null, [70]],
    ],
    {
      other: [{ keys: [], bucket: null, values: [1] }],
    },
  );
  const table = tabular(widget('table', query), told);

  it('sorts by any column, with the rest and the unknown last', () => {
    const names = (column: number, way: 'up' | 'down') =>
      sorted(table, { column, way }).map((row) => row.names[0]);
    expect(names(1, 'down')).toEqual(['none', '10.0.0.2', '=cmd|1', 'all others']);
    expect(names(1, 'up')).toEqual(['10.0.0.2', 'none', '=cmd|1', 'all others']);
    expect(names(0, 'down')[0]).toBe('none');
  });

  it('becomes CSV in which no name is a formula', () => {
    expect(toCsv(table)).toBe("dest_ip,In (bytes)\r\n10.0.0.2,5\r\n'=cmd|1,\r\nnone,70\r\nall others,1\r\n");
    const odd = tabular(widget('table', query), answer([[['a,"b"\nc'], null, [1]]]));
    expect(toCsv(odd)).toContain('"a,""b""\\u000ac",1');
  });
});
