/** Values as people read them, by the unit of their widget. What is not known is never shown as 0. */

import { visible } from '../domain/names';
import { bytes, clock, day, exact, nanos, short } from '../domain/units';
import type { Kind, Metric, Unit } from './document';

/** Only what adds up has a rate and a rest. */
export const addsUp = ({ op }: Metric): boolean => op === 'count' || op === 'sum';

const isRate = (unit: Unit): boolean => unit.endsWith('/s');

/** A second where the unit says so; means and extremes stay what they are. */
export const perSecond = (
  value: number | null,
  unit: Unit,
  metric: Metric,
  seconds: number,
): number | null => (value !== null && isRate(unit) && addsUp(metric) ? value / seconds : value);

const NANOSECONDS: Partial<Record<Unit, number>> = { ns: 1, us: 1e3, ms: 1e6, s: 1e9 };

/** `18.2k`, `4.1 MB/s`, `12 ms`: short, for pictures. */
export function briefly(value: number | null, unit: Unit): string {
  if (value === null) return 'no data';
  if (value < 0) return `−${briefly(-value, unit)}`;
  const time = NANOSECONDS[unit];
  if (time) return value === 0 ? '0 ms' : nanos(value * time);
  switch (unit) {
    case 'bytes':
      return bytes(value);
    case 'bytes/s':
      return `${bytes(value)}/s`;
    case 'time':
      return `${day(value / 1000)} ${clock(value / 1000)}`;
    case 'percent':
      return `${Number(value.toFixed(value < 9.95 ? 2 : 1))} %`;
    default:
      return isRate(unit) ? `${few(value)}/s` : few(value);
  }
}

const few = (value: number): string =>
  value < 100 && !Number.isInteger(value) ? String(Number(value.toPrecision(2))) : short(value);

/** The number and its unit apart, for numbers set large. */
export function inParts(value: number | null, unit: Unit): [string, string] {
  const text = briefly(value, unit);
  const match = /^(−?[\d.,]+)\s?(.*)$/.exec(text);
  return match ? [match[1] ?? text, match[2] ?? ''] : [text, ''];
}

/** All its digits, for tables; what would not be read that way is shortened. */
export function fully(value: number | null, unit: Unit): string {
  if (value === null) return 'no data';
  if (unit === 'count' || unit === 'packets')
    return Number.isInteger(value) ? exact(value) : String(Number(value.toPrecision(6)));
  return briefly(value, unit);
}

/** What requests that were only counted lack; every logged one has it. */
const DNS_ALWAYS = new Set(['qname', 'qtype', 'qclass', 'rcode', 'type']);

/** The name of a group. Records without the field are a group of their own. */
export function groupWord(key: string | null | undefined, field: string, kind: Kind): string {
  if (key !== null && key !== undefined) return key === '' ? 'empty' : visible(key);
  return kind === 'dns' && DNS_ALWAYS.has(field) ? 'unlogged' : 'none';
}

export const groupsWord = (keys: readonly (string | null)[], fields: readonly string[], kind: Kind): string =>
  keys.map((key, at) => groupWord(key, fields[at] ?? '', kind)).join(' · ');

/** Whether a group is that of records which do not say. */
export const isMissing = (keys: readonly (string | null)[]): boolean =>
  keys.length > 0 && keys.every((key) => key === null);

/** `+12 %`, and the way it went; null where there is nothing to compare with. */
export function change(now: number | null, before: number | null): { text: string; way: -1 | 0 | 1 } | null {
  if (now === null || before === null) return null;
  if (now === before) return { text: 'Same', way: 0 };
  if (before === 0) return { text: 'Up from 0', way: 1 };
  const part = (now - before) / Math.abs(before);
  const percent = Math.abs(part) * 100;
  if (percent < 0.5) return { text: 'Same', way: 0 };
  const way = part > 0 ? 1 : -1;
  if (percent >= 1000) return { text: `${Math.round(now / before)} times`, way };
  return {
    text: `${way > 0 ? '+' : '−'}${percent < 9.95 ? percent.toFixed(1) : Math.round(percent)} %`,
    way,
  };
}
