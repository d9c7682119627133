/** What flowed over an edge under one verdict. Null means that the source does not count it. */
export interface Traffic {
  records: number;
  connections: number | null;
  packets: number | null;
  bytes: number | null;
  estimated: boolean;
}

export type Measure = 'connections' | 'packets' | 'bytes';
export const MEASURES: readonly Measure[] = ['connections', 'packets', 'bytes'];
export type EdgeVerdict = 'allowed' | 'denied' | 'mixed';

export const NOTHING: Traffic = {
  records: 0,
  connections: null,
  packets: null,
  bytes: null,
  estimated: false,
};

interface Counters {
  records?: string | number | null;
  connections?: string | number | null;
  packets?: string | number | null;
  bytesIn?: string | number | null;
  bytesOut?: string | number | null;
  bytesToTarget?: string | number | null;
  bytesToSource?: string | number | null;
  estimated?: boolean | null;
}

const count = (value: string | number | null | undefined) =>
  value === null || value === undefined ? null : Number(value);

const plus = (a: number | null, b: number | null) => (a === null && b === null ? null : (a ?? 0) + (b ?? 0));

/** Counters as numbers; exact to 2^53, and shown from three digits to the full number. */
export function readTraffic(from: Counters): Traffic {
  const across = plus(count(from.bytesToTarget), count(from.bytesToSource));
  return {
    records: count(from.records) ?? 0,
    connections: count(from.connections),
    packets: count(from.packets),
    bytes: across ?? plus(count(from.bytesIn), count(from.bytesOut)),
    estimated: from.estimated ?? false,
  };
}

export function verdictOf(allowed: Traffic, denied: Traffic): EdgeVerdict {
  if (denied.records > 0) return allowed.records > 0 ? 'mixed' : 'denied';
  return 'allowed';
}

export function addTraffic(a: Traffic, b: Traffic): Traffic {
  return {
    records: a.records + b.records,
    connections: plus(a.connections, b.connections),
    packets: plus(a.packets, b.packets),
    bytes: plus(a.bytes, b.bytes),
    estimated: a.estimated || b.estimated,
  };
}

/** Of both verdicts; null where the verdict that was seen does not count it. */
export function total(
  edge: { allowed: Traffic; denied: Traffic },
  measure: 'packets' | 'bytes',
): number | null {
  const seen = [edge.allowed, edge.denied].filter((traffic) => traffic.records > 0);
  return seen.length ? seen.map((traffic) => traffic[measure]).reduce(plus) : 0;
}

/** How often it was tried: connections where the source counts them, else log records. */
export const attempts = (traffic: Traffic): number => traffic.connections ?? traffic.records;
