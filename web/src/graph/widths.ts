import type { Measure, Traffic } from '../domain/traffic';
import { bytes, rate, short } from '../domain/units';

/** The decades that 1 to 8 px stand for, per second. */
const DECADES: Record<Measure, [number, number]> = {
  bytes: [3, 8],
  packets: [0, 5],
  connections: [-2, 3],
};
export const THINNEST = 1.25;
export const THICKEST = 8;

export const ENDS: Record<Measure, [string, string]> = {
  bytes: ['1 KB/s', '100 MB/s'],
  packets: ['1/s', '100k/s'],
  connections: ['36/h', '1k/s'],
};

/** Line width by the logarithm of the measure; what is not counted is as thin as the least. */
export function widthOf(traffic: Traffic, measure: Measure, seconds: number): number {
  const amount = traffic[measure] ?? 0;
  if (amount <= 0 || seconds <= 0) return THINNEST;
  const [low, high] = DECADES[measure];
  const part = (Math.log10(amount / seconds) - low) / (high - low);
  return THINNEST + (THICKEST - THINNEST) * Math.min(1, Math.max(0, part));
}

export function measureRate(traffic: Traffic, measure: Measure, seconds: number): string {
  const amount = traffic[measure];
  if (amount === null) return 'not counted';
  const text = rate(amount, seconds, measure === 'bytes' ? bytes : short);
  return traffic.estimated ? `~${text}` : text;
}
