/** Numbers and times as people read them: decimal units, UTC, and exact strings where exactness matters. */

const GROUP = /\B(?=(\d{3})+(?!\d))/g;

/** `1284` to `1,284`; takes the API's decimal strings without rounding them. */
export function exact(value: string | number | null | undefined): string {
  if (value === null || value === undefined) return 'not counted';
  const text = typeof value === 'number' ? Math.round(value).toString() : value;
  return text.replace(GROUP, ',');
}

function scaled(value: number, steps: readonly string[]): [string, string] {
  let at = 0;
  let rest = value;
  while (rest >= 999.5 && at < steps.length - 1) {
    rest /= 1000;
    at += 1;
  }
  const digits = at === 0 && Number.isInteger(rest) ? 0 : rest < 9.95 ? 1 : 0;
  return [rest.toFixed(digits).replace(/\.0$/, ''), steps[at] ?? ''];
}

/** `18.2k`, `4.1M` */
export function short(value: number | null | undefined): string {
  if (value === null || value === undefined) return 'not counted';
  if (value >= 9950 && value < 99_950) return `${(value / 1000).toFixed(1).replace(/\.0$/, '')}k`;
  const [digits, unit] = scaled(value, ['', 'k', 'M', 'G', 'T', 'P']);
  return digits + unit;
}

/** `231 KB`; 1 KB is 1,000 B. */
export function bytes(value: number | null | undefined): string {
  if (value === null || value === undefined) return 'not counted';
  const [digits, unit] = scaled(value, ['B', 'KB', 'MB', 'GB', 'TB', 'PB']);
  return `${digits} ${unit}`;
}

/** `604/s`, `38/min`, `2/h`: the largest unit of time in which the number is at least one. */
export function rate(value: number, seconds: number, format: (value: number) => string = short): string {
  if (seconds <= 0) return format(value);
  const perSecond = value / seconds;
  if (perSecond >= 1 || value === 0) return `${format(round(perSecond))}/s`;
  if (perSecond * 60 >= 1) return `${format(round(perSecond * 60))}/min`;
  return `${format(Math.max(1, round(perSecond * 3600)))}/h`;
}

const round = (value: number) => (value >= 10 ? Math.round(value) : Math.round(value * 10) / 10);

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${exact(count)} ${count === 1 ? one : many}`;
}

/** `14:35:12`, in UTC. */
export const clock = (moment: number): string => new Date(moment).toISOString().slice(11, 19);
export const clockMinutes = (moment: number): string => new Date(moment).toISOString().slice(11, 16);
export const clockMillis = (moment: number): string => new Date(moment).toISOString().slice(11, 23);
export const day = (moment: number): string => new Date(moment).toISOString().slice(0, 10);

export function span(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} d`;
}

/** Relative under an hour, the clock within a day, else the date. */
export function ago(moment: number, now: number): string {
  const past = now - moment;
  if (past < 1000) return 'now';
  if (past < 3_600_000) return `${span(past)} ago`;
  return past < 86_400_000 ? clockMinutes(moment) : `${day(moment)} ${clockMinutes(moment)}`;
}

/** `0.8 s` under ten seconds, whole seconds above. */
export function lag(milliseconds: number): string {
  const seconds = Math.max(0, milliseconds) / 1000;
  return seconds < 9.95 ? `${seconds.toFixed(1)} s` : span(milliseconds);
}

/** Microseconds as the logs give them. */
export function micros(value: number | null | undefined): string {
  if (value === null || value === undefined) return 'no data';
  if (value < 1000) return `${Math.round(value)} µs`;
  return `${(value / 1000).toFixed(value < 100_000 ? 1 : 0)} ms`;
}

/** Nanoseconds as the logs give them. */
export function nanos(value: number): string {
  if (value < 1000) return `${Math.round(value)} ns`;
  return value < 1e9 ? micros(value / 1000) : `${Number((value / 1e9).toFixed(value < 1e11 ? 1 : 0))} s`;
}
