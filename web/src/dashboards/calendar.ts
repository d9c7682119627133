/** A heat map of the hours of a day, by day or by day of the week, on the clock of whoever looks at it. */
import { isoSeconds } from '../domain/time';
import { type Answer, boundsOf, secondsOf } from './answer';
import { type Calendar, timeFieldOf, unitOf, type Widget } from './document';
import type { Mark } from './drill';
import { type Heat, mostOf } from './heat';
import { addsUp, perSecond } from './values';

const HOUR = 3600;
const HOURS = 24;
/** Of days, the newest ones. */
const MOST_DAYS = 40;
const WEEK = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

/** Seconds a bucket, so that hours of the zone begin with one: India's begin at half past, UTC's way. */
export function calendarStep(zone: string, now: number): number {
  const { minute } = clockIn(zone)(Math.floor(now / (HOUR * 1000)) * HOUR * 1000);
  return [HOUR, HOUR / 2, HOUR / 4].find((step) => (minute * 60) % step === 0) ?? HOUR / 4;
}

export function calendarOf(widget: Widget, calendar: Calendar, answer: Answer, zone: string): Heat {
  const metric = widget.query.metrics[0] ?? { op: 'count' };
  const clock = clockIn(zone);
  // Over very long ranges the buckets are of several hours, and so are the columns.
  const hours = Math.max(1, Math.ceil((answer.interval ?? HOUR) / HOUR));
  const places = answer.starts.map((start) => {
    const { date, weekday, hour } = clock(start);
    return {
      row: calendar === 'days' ? `${weekday.slice(0, 3)} ${date}` : weekday,
      column: Math.floor(hour / hours),
    };
  });
  const rows = calendar === 'days' ? [...new Set(places.map(({ row }) => row))].slice(-MOST_DAYS) : WEEK;
  const columns = Array.from({ length: Math.ceil(HOURS / hours) }, (_, at) => at * hours);
  const buckets = rows.map(() => columns.map(() => [] as number[]));
  const rowAt = new Map(rows.map((row, at) => [row, at]));
  places.forEach(({ row, column }, bucket) => {
    buckets[rowAt.get(row) ?? -1]?.[column]?.push(bucket);
  });
  const values = new Map(answer.rows.map(({ bucket, values: [value] }) => [bucket, value ?? null]));
  const cells = buckets.map((line) =>
    line.map((own) => {
      if (!own.length) return undefined;
      const known = own.map((bucket) => values.get(bucket) ?? null).filter((value) => value !== null);
      if (!known.length) return null;
      const seconds = own.reduce((sum, bucket) => sum + secondsOf(answer, bucket), 0);
      return perSecond(
        folded(known, metric.op === 'min' ? Math.min : metric.op === 'max' ? Math.max : plus),
        unitOf(widget),
        metric,
        seconds,
      );
    }),
  );
  return {
    rows,
    columns: columns.map((hour) => `${two(hour)}:00`),
    named: Math.ceil(columns.length / 8),
    cells,
    most: mostOf(cells),
    note: `${calendar === 'days' ? 'days' : 'days of the week'} by hour, ${zone}${addsUp(metric) && calendar === 'weekdays' ? ', added up' : ''}`,
    markOf: (row, column) => markOf(widget, answer, buckets[row]?.[column] ?? []),
  };
}

const plus = (a: number, b: number): number => a + b;
const folded = (values: number[], fold: (a: number, b: number) => number): number =>
  values.reduce((a, b) => fold(a, b));
const two = (value: number): string => String(value).padStart(2, '0');

/** Of several hours with others between them, the filter holds the times. */
function markOf(widget: Widget, answer: Answer, buckets: readonly number[]): Mark {
  const spans: { from: number; to: number }[] = [];
  for (const bounds of buckets.map((bucket) => boundsOf(answer, bucket))) {
    const last = spans.at(-1);
    if (last?.to === bounds.from) last.to = bounds.to;
    else spans.push({ ...bounds });
  }
  const first = spans[0] ?? { from: answer.from, to: answer.to };
  const to = spans.at(-1)?.to ?? answer.to;
  if (spans.length < 2) return { keys: [], from: first.from, to };
  const field = timeFieldOf(widget.query.kind);
  const within = spans
    .map((span) => `${field} >= "${isoSeconds(span.from)}" and ${field} < "${isoSeconds(span.to)}"`)
    .join(' or ');
  return { keys: [], from: first.from, to, within };
}

/** The local date, day of the week, hour and minute of moments. */
function clockIn(zone: string) {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hourCycle: 'h23',
    weekday: 'long',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  });
  return (moment: number) => {
    const part = Object.fromEntries(format.formatToParts(moment).map(({ type, value }) => [type, value]));
    return {
      date: `${part.month}-${part.day}`,
      weekday: part.weekday ?? '',
      hour: Number(part.hour),
      minute: Number(part.minute),
    };
  };
}
