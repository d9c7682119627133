/** An answer of `aggregate` as rows of numbers. */
import type { AggregateAnswer } from '../api/aggregate';

export interface Row {
  keys: (string | null)[];
  /** Index of its bucket; null where time is not cut. */
  bucket: number | null;
  values: (number | null)[];
}

export interface Answer {
  from: number;
  to: number;
  interval: number | null;
  starts: number[];
  rows: Row[];
  /** Records of no group shown, measured together, in each bucket. */
  other: Row[];
  groups: number;
  truncated: boolean;
  approximate: boolean;
}

const number = (value: number | string | null | undefined) =>
  value === null || value === undefined ? null : Number(value);

export function readAnswer(told: AggregateAnswer): Answer {
  const { keys, bucket, values, other } = told.columns;
  const rowsOf = (columns: typeof values, buckets: typeof bucket, named: typeof keys): Row[] =>
    (columns[0] ?? []).map((_, at) => ({
      keys: named.map((column) => column[at] ?? null),
      bucket: buckets?.[at] ?? null,
      values: columns.map((column) => number(column[at])),
    }));
  return {
    from: Date.parse(told.range.from),
    to: Date.parse(told.range.to),
    interval: told.interval ?? null,
    starts: told.starts.map((start) => Date.parse(start)),
    rows: rowsOf(values, bucket, keys),
    other: rowsOf(other.values, other.bucket, []),
    groups: told.groups,
    truncated: told.truncated,
    approximate: told.approximate,
  };
}

/** Seconds of a bucket that lie in the range: at its ends buckets are cut. */
export function secondsOf(answer: Answer, bucket: number | null): number {
  if (bucket === null || !answer.interval) return (answer.to - answer.from) / 1000;
  const start = answer.starts[bucket] ?? answer.from;
  const end = Math.min(answer.to, start + answer.interval * 1000);
  return Math.max(1, (end - Math.max(answer.from, start)) / 1000);
}

/** When a bucket begins and ends, within the range. */
export function boundsOf(answer: Answer, bucket: number | null): { from: number; to: number } {
  if (bucket === null || !answer.interval) return { from: answer.from, to: answer.to };
  const start = answer.starts[bucket] ?? answer.from;
  return {
    from: Math.max(answer.from, start),
    to: Math.min(answer.to, start + answer.interval * 1000),
  };
}

/**
 * Records of windows longer than a bucket leave the buckets between empty, which looks like a comb. Where all
 * that is there lies whole windows apart, each window becomes one bucket: its value is that of the one with records.
 */
export function condensed(answer: Answer): Answer {
  if (!answer.interval) return answer;
  const filled = new Set([...answer.rows, ...answer.other].map(({ bucket }) => bucket ?? 0));
  const places = [...filled].sort((a, b) => a - b);
  const first = places[0];
  if (first === undefined || places.length < 3) return answer;
  const step = places.reduce((common, place) => divisor(common, place - first), 0);
  if (step < 2) return answer;
  const offset = first % step;
  const starts = answer.starts.filter((_, at) => at % step === offset);
  const moved = (row: Row) => ({
    ...row,
    bucket: row.bucket === null ? null : (row.bucket - offset) / step,
  });
  return {
    ...answer,
    interval: answer.interval * step,
    starts,
    rows: answer.rows.map(moved),
    other: answer.other.map(moved),
  };
}

const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));
