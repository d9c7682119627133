import { expect, it } from 'vitest';
import { readTrend, trendAsk } from './trend';

const START = Date.parse('2026-11-23T14:00:00Z');
const minute = (at: number) => new Date(START + at * 60_000).toISOString();
const answer = {
  starts: [0, 1, 2, 3, 4].map(minute),
  interval: 60,
  range: { from: new Date(START + 20_000).toISOString(), to: minute(5) },
  columns: {
    keys: [['allow', 'allow', 'allow', 'deny', 'allow']],
    bucket: [0, 1, 3, 3, 4],
    values: [
      [9, 10, 30, 2, 40],
      [9, 1, 3, null, 4],
      [9, 1, 4, null, 4],
      [9, 100, '9007199254740993', null, 400],
      [9, 5, 0, null, null],
    ],
    other: { bucket: [], values: [] },
  },
};

it('tells rates by verdict, nothing where there were no records, and not what is cut off', () => {
  const { allowed, denied } = readTrend(answer, false);
  expect(allowed.connections).toEqual([null, 10, 0, 30, 40]);
  expect(allowed.packets).toEqual([null, 2, 0, 7, 8]);
  expect(allowed.bytes).toEqual([null, 105, 0, 9007199254740992, 400]);
  expect(denied.connections).toEqual([null, 0, 0, 2, 0]);
  expect(denied.bytes).toEqual([null, 0, 0, null, 0]);
});

it('leaves the minute out that is still coming in', () => {
  expect(readTrend(answer, true).allowed.connections).toEqual([null, 10, 0, 30, null]);
});

it('asks for buckets of a minute or more', () => {
  const asked = (from: string) =>
    trendAsk({ from, to: '2026-11-23T14:00:00Z' }, null, Date.parse('2026-11-23T14:00:00Z')).interval;
  expect(asked('2026-11-23T13:59:00Z')).toBe(60);
  expect(asked('2026-11-22T14:00:00Z')).toBe(1800);
});
