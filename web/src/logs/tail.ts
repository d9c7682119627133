import type { LogRecord } from '../domain/record';

/** What arrived while the page looked on, newest arrival first, and where some of it was left out. */
export interface Gap {
  gap: number;
  id: string;
}
export type Arrival = LogRecord | Gap;

export const isGap = (arrival: Arrival): arrival is Gap => 'gap' in arrival;

/** Arrivals that are kept; older ones are found by asking. */
const MOST = 500;

/** `dropped` matched and were left out of the delivery, so they stand below its records. */
export function arrived(
  known: readonly Arrival[],
  records: readonly LogRecord[],
  dropped: number,
): Arrival[] {
  const seen = new Set(known.map((each) => each.id));
  const fresh = records.filter((record) => !seen.has(record.id));
  const [first, ...rest] = known;
  if (dropped > 0) {
    // With nothing in between, two gaps are one.
    if (!fresh.length && first && isGap(first)) return [{ ...first, gap: first.gap + dropped }, ...rest];
    const gap: Gap = { gap: dropped, id: `gap before ${first?.id ?? 'all'}` };
    return [...fresh, gap, ...known].slice(0, MOST);
  }
  return [...fresh, ...known].slice(0, MOST);
}
