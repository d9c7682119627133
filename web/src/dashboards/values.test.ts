import { expect, it } from 'vitest';
import { unitOf, type Widget } from './document';
import { briefly, change, fully, inParts, perSecond } from './values';

it.each([
  [4_100_000, 'bytes/s', '4.1 MB/s'],
  [4_600_000, 'ns', '4.6 ms'],
  [850, 'us', '850 µs'],
  [2500, 'ms', '2.5 s'],
  [0.834, 'percent', '0.83 %'],
  [1_795_444_641_500_000, 'time', '2026-11-23 14:37:21'],
  [18_200, 'count', '18.2k'],
  [0.52, 'count/s', '0.52/s'],
  [-3, 'count', '−3'],
  [null, 'bytes', 'no data'],
] as const)('writes %s in %s as %s', (value, unit, text) => expect(briefly(value, unit)).toBe(text));

it('keeps all digits of counts in tables, and parts numbers from their units', () => {
  expect(fully(1_284_311, 'count')).toBe('1,284,311');
  expect(inParts(18_200, 'count')).toEqual(['18.2', 'k']);
  expect(inParts(null, 'bytes')).toEqual(['no data', '']);
});

it('takes the unit of a measure before that of its widget', () => {
  const widget: Widget = {
    id: 'a',
    title: 'A',
    kind: 'table',
    place: { x: 0, y: 0, w: 6, h: 4 },
    query: { kind: 'flows', groupBy: ['host'], metrics: [{ op: 'count' }] },
    unit: 'bytes',
  };
  expect(unitOf(widget, { op: 'max', field: 'end_time', unit: 'time' })).toBe('time');
  expect(unitOf(widget, { op: 'sum', field: 'bytes_in' })).toBe('bytes');
  expect(unitOf({ ...widget, unit: 'count' }, { op: 'max', field: 'end_time' })).toBe('time');
});

it('divides only what adds up', () => {
  expect(perSecond(600, 'bytes/s', { op: 'sum', field: 'bytes_in' }, 60)).toBe(10);
  expect(perSecond(600, 'bytes/s', { op: 'max', field: 'bytes_in' }, 60)).toBe(600);
  expect(perSecond(600, 'bytes', { op: 'sum', field: 'bytes_in' }, 60)).toBe(600);
});

it.each([
  [110, 100, '+10 %', 1],
  [95, 100, '−5.0 %', -1],
  [100, 100, 'Same', 0],
  [5, 0, 'Up from 0', 1],
  [5000, 100, '50 times', 1],
  [0, 0, 'Same', 0],
])('compares %d with %d as %s', (now, before, text, way) =>
  expect(change(now, before)).toEqual({ text, way }));

it('compares nothing with what is not known', () => expect(change(1, null)).toBeNull());
