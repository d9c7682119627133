/** Per second, as the ring says it: connections (CPS), packets (PPS) and bytes (BPS). */
import { addTraffic, type Measure, NOTHING, type Traffic } from '../domain/traffic';
import { bytes, short } from '../domain/units';

export const RATES: readonly { measure: Measure; name: string; unit: string }[] = [
  { measure: 'connections', name: 'CPS', unit: 'connections/s' },
  { measure: 'packets', name: 'PPS', unit: 'packets/s' },
  { measure: 'bytes', name: 'BPS', unit: 'per second' },
];

/** `0.76`, `18.2k`, `412 MB`; never 0 for what is more than nothing. */
export function perSecond(value: number | null, seconds: number, measure: Measure): string {
  if (value === null || seconds <= 0) return 'not counted';
  const rate = value / seconds;
  if (measure === 'bytes') return rate > 0 && rate < 0.1 ? '<0.1 B' : bytes(rate);
  if (rate > 0 && rate < 0.01) return '<0.01';
  return rate < 1 ? String(Number(rate.toFixed(2))) : short(rate);
}

export const rateOf = (traffic: Traffic, measure: Measure, seconds: number): string => {
  if (traffic.records === 0) return perSecond(0, seconds, measure);
  const text = perSecond(traffic[measure], seconds, measure);
  return traffic.estimated && traffic[measure] !== null ? `~${text}` : text;
};

export const sumOf = (all: readonly Traffic[]): Traffic => all.reduce(addTraffic, NOTHING);
