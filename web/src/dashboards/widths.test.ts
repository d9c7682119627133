import { expect, it } from 'vitest';
import type { Column, TableRow } from './tabular';
import { breakable, widthsOf } from './widths';

const row = (...values: number[]): TableRow => ({
  id: String(values),
  start: null,
  keys: [],
  names: ['ip-10-0-42-14.eu-west-1'],
  values,
  from: 0,
  to: 0,
  rest: false,
});
const COLUMNS: Column[] = [
  { id: 'start', title: 'Time', unit: null },
  { id: 'host', title: 'host', unit: null },
  { id: 'm0', title: 'Lost', unit: 'count' },
  { id: 'm1', title: 'Unrecovered timeouts', unit: 'count' },
];

it('gives figures what they and the words of their heads need, and names the rest', () => {
  const { columns, least } = widthsOf(COLUMNS, [row(1, 1), row(123_456_789, 2)]);
  expect(columns).toEqual([112, null, 108, 111]);
  expect(least).toBe(112 + 92 + 108 + 111);
  expect(widthsOf(COLUMNS.slice(1, 3), []).columns).toEqual([64, 64]);
});

it('breaks the name of a field between its words', () => {
  expect(breakable('objectRef.namespace_x')).toEqual(['objectRef.', 'namespace_', 'x']);
});
