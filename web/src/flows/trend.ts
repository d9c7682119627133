/** Rates over time, by verdict: what is asked of an aggregate, and what its columns say. */
import type { AggregateAnswer, AggregateAsk } from '../api/aggregate';
import type { AggregateColumns } from '../api/aggregates';
import { type AskedRange, spanOf } from '../domain/time';
import type { Measure } from '../domain/traffic';
import { intervalFor } from '../scrubber/bars';

const POINTS = 60;
/** Most sources sum up windows of a minute: shorter buckets would be a comb. */
const SHORTEST = 60;
/** Milliseconds: a record begins where its window does, and comes in when that is over. */
const LATE = 60_000;
const FIELDS: readonly { field: string; measure: Measure }[] = [
  { field: 'connections', measure: 'connections' },
  { field: 'packetsToTarget', measure: 'packets' },
  { field: 'packetsToSource', measure: 'packets' },
  { field: 'bytesToTarget', measure: 'bytes' },
  { field: 'bytesToSource', measure: 'bytes' },
];

export interface Trend {
  /** For each bucket; null where the source does not count it. */
  allowed: Record<Measure, (number | null)[]>;
  denied: Record<Measure, (number | null)[]>;
}

export function trendAsk(range: AskedRange, filter: string | null, now: number): AggregateAsk {
  return {
    kind: 'FLOWS',
    range,
    filter,
    groupBy: ['action'],
    metrics: FIELDS.map(({ field }) => ({ op: 'SUM' as const, field })),
    interval: Math.max(SHORTEST, intervalFor(spanOf(range, now), POINTS)),
    limit: 10,
    reporters: 'COMBINED',
  };
}

type Told = Pick<AggregateAnswer, 'starts' | 'columns' | 'interval' | 'range'>;

/** `live`: the last minute is still coming in. */
export function readTrend(answer: Told, live: boolean): Trend {
  const { keys, bucket, values } = answer.columns as AggregateColumns;
  const whole = wholeBuckets(answer, live);
  // A bucket without records had none: that is nothing. Of one that is cut off, nothing can be said.
  const nothing = (): Record<Measure, (number | null)[]> => {
    const blank = () => whole.map((known) => (known ? 0 : null));
    return { connections: blank(), packets: blank(), bytes: blank() };
  };
  const trend: Trend = { allowed: nothing(), denied: nothing() };
  const [actions = []] = keys;
  actions.forEach((action, row) => {
    const at = bucket?.[row];
    if (at === undefined || at === null || !whole[at]) return;
    const side = action === 'deny' ? trend.denied : trend.allowed;
    const sums = new Map<Measure, number | null>();
    FIELDS.forEach(({ measure }, metric) => {
      const value = values[metric]?.[row] ?? null;
      const known = sums.get(measure) ?? null;
      sums.set(measure, value === null ? known : (known ?? 0) + Number(value));
    });
    for (const [measure, value] of sums) side[measure][at] = value;
  });
  return trend;
}

function wholeBuckets({ starts, interval, range }: Told, live: boolean): boolean[] {
  const [from, to] = [Date.parse(range.from), Date.parse(range.to) - (live ? LATE : 0)];
  return starts.map((start) => {
    const at = Date.parse(start);
    return at >= from && at + (interval ?? 0) * 1000 <= to;
  });
}
