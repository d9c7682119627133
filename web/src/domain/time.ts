/** The asked range of time. Live means that it ends now; anything that does not is paused. */
export interface AskedRange {
  from: string;
  to: string;
}

export const DEFAULT_RANGE: AskedRange = { from: 'now-30m', to: 'now' };
export const PRESETS: readonly { from: string; label: string }[] = [
  { from: 'now-5m', label: 'Last 5 min' },
  { from: 'now-15m', label: 'Last 15 min' },
  { from: 'now-30m', label: 'Last 30 min' },
  { from: 'now-1h', label: 'Last 1 h' },
  { from: 'now-6h', label: 'Last 6 h' },
  { from: 'now-24h', label: 'Last 24 h' },
  { from: 'now-7d', label: 'Last 7 d' },
  { from: 'now-30d', label: 'Last 30 d' },
];

const UNITS: Record<string, number> = { s: 1e3, m: 6e4, h: 36e5, d: 864e5, w: 6048e5 };
const RELATIVE = /^now(?:([+-])(\d{1,6})([smhdw]))?$/;

/** Milliseconds since 1970, or null where it is no time point. */
export function resolve(point: string, now: number): number | null {
  const match = RELATIVE.exec(point);
  if (match) {
    const [, sign, amount, unit] = match;
    if (!sign) return now;
    return now + (sign === '-' ? -1 : 1) * Number(amount) * (UNITS[unit ?? 's'] ?? 0);
  }
  if (!/^\d{4}-\d{2}-\d{2}/.test(point)) return null;
  const moment = Date.parse(/T.*(Z|[+-]\d{2}:?\d{2})$/.test(point) ? point : `${point}Z`);
  return Number.isNaN(moment) ? null : moment;
}

export function isRange(range: AskedRange): boolean {
  const now = Date.UTC(2026, 0, 1);
  const [from, to] = [resolve(range.from, now), resolve(range.to, now)];
  if (from === null || to === null) return false;
  // A relative and an absolute end can only be compared by their clock, which moves.
  return RELATIVE.test(range.from) !== RELATIVE.test(range.to) || from < to;
}

export const isLive = (range: AskedRange): boolean => range.to === 'now' && RELATIVE.test(range.from);

export function resolveRange(range: AskedRange, now: number): { from: number; to: number } {
  const to = resolve(range.to, now) ?? now;
  return { from: resolve(range.from, now) ?? to - 18e5, to };
}

export const spanOf = (range: AskedRange, now: number): number => {
  const { from, to } = resolveRange(range, now);
  return to - from;
};

export const isoSeconds = (moment: number): string => `${new Date(moment).toISOString().slice(0, 19)}Z`;

/** The same window, held still. A moment stays as it is written: rounded, it would be another window. */
export function freeze(range: AskedRange, now: number): AskedRange {
  const { from, to } = resolveRange(range, now);
  const still = (point: string, moment: number) =>
    RELATIVE.test(point) || resolve(point, now) === null ? isoSeconds(moment) : point;
  return { from: still(range.from, from), to: still(range.to, to) };
}

/** A window of the same length that follows now. */
export function follow(range: AskedRange, now: number): AskedRange {
  const seconds = Math.max(1, Math.round(spanOf(range, now) / 1000));
  const [amount, unit] =
    seconds % 86_400 === 0
      ? [seconds / 86_400, 'd']
      : seconds % 3600 === 0
        ? [seconds / 3600, 'h']
        : seconds % 60 === 0
          ? [seconds / 60, 'm']
          : [seconds, 's'];
  return { from: `now-${amount}${unit}`, to: 'now' };
}

/** Moves a window by a quarter of its length; one that would reach past now follows it instead. */
export function step(range: AskedRange, direction: 1 | -1, now: number): AskedRange {
  const { from, to } = resolveRange(range, now);
  const by = (direction * (to - from)) / 4;
  if (to + by >= now) return follow(range, now);
  return { from: isoSeconds(from + by), to: isoSeconds(to + by) };
}

/** The same moment in the middle, twice as long; nothing ends after now. */
export function widened(range: AskedRange, now: number): AskedRange {
  const { from, to } = resolveRange(range, now);
  const half = (to - from) / 2;
  if (to + half >= now) return follow({ from: isoSeconds(now - 4 * half), to: isoSeconds(now) }, now);
  return { from: isoSeconds(from - half), to: isoSeconds(to + half) };
}
