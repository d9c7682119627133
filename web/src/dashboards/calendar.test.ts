import { describe, expect, it } from 'vitest';
import type { Answer } from './answer';
import { calendarOf, calendarStep } from './calendar';
import type { Calendar, Metric, Widget } from './document';
import { drillTo } from './drill';

const HOUR = 3_600_000;
/** A Monday. */
const T0 = Date.UTC(2026, 10, 23);

const widget = (
  calendar: Calendar,
  metric: Metric = { op: 'count' },
  rest: Partial<Widget> = {},
): Widget => ({
  id: 'w',
  title: 'W',
  kind: 'heatmap',
  place: { x: 0, y: 0, w: 6, h: 4 },
  query: { kind: 'audit', filter: 'verb: delete', metrics: [metric] },
  calendar,
  ...rest,
});
/** Values by hours since T0, over so many hours. */
const answer = (values: Record<number, number>, hours: number, rest: Partial<Answer> = {}): Answer => ({
  from: T0,
  to: T0 + hours * HOUR,
  interval: 3600,
  starts: Array.from({ length: hours }, (_, at) => T0 + at * HOUR),
  rows: Object.entries(values).map(([at, value]) => ({ keys: [], bucket: Number(at), values: [value] })),
  other: [],
  groups: 1,
  truncated: false,
  approximate: false,
  ...rest,
});
const cell = (heat: ReturnType<typeof calendarOf>, row: string, hour: number) =>
  heat.cells[heat.rows.indexOf(row)]?.[hour];

describe('a calendar', () => {
  it('puts hours into the days of the zone, and leaves open what the range does not hold', () => {
    const heat = calendarOf(widget('days'), 'days', answer({ 0: 3, 23: 5 }, 24), 'Europe/Berlin');
    expect(heat.rows).toEqual(['Mon 11-23', 'Tue 11-24']);
    expect(heat.columns[1]).toBe('01:00');
    expect(cell(heat, 'Mon 11-23', 0)).toBeUndefined();
    expect(cell(heat, 'Mon 11-23', 1)).toBe(3);
    expect(cell(heat, 'Mon 11-23', 2)).toBeNull();
    expect(cell(heat, 'Tue 11-24', 0)).toBe(5);
    expect(heat.most).toBe(5);
  });

  it('adds up the same hour of the same day of the week, every one once', () => {
    const told = answer({ 9: 3, [7 * 24 + 9]: 4, 10: 8 }, 14 * 24);
    const heat = calendarOf(widget('weekdays'), 'weekdays', told, 'UTC');
    expect(heat.rows).toHaveLength(7);
    expect(cell(heat, 'Monday', 9)).toBe(7);
    expect(heat.cells.flat().reduce<number>((sum, value) => sum + (value ?? 0), 0)).toBe(15);
  });

  it('keeps extremes, and divides rates by all the seconds that it added up', () => {
    const told = answer({ 9: 3600, [7 * 24 + 9]: 10_800 }, 14 * 24);
    const most = widget('weekdays', { op: 'max', field: 'count' });
    expect(cell(calendarOf(most, 'weekdays', told, 'UTC'), 'Monday', 9)).toBe(10_800);
    const rate = widget('weekdays', { op: 'sum', field: 'count' }, { unit: 'count/s' });
    expect(cell(calendarOf(rate, 'weekdays', told, 'UTC'), 'Monday', 9)).toBe(2);
  });

  it('follows a clock that is put back: the hour that comes twice is one cell', () => {
    const from = Date.UTC(2026, 9, 24, 22); // midnight of the 25th in Berlin
    const starts = Array.from({ length: 25 }, (_, at) => from + at * HOUR);
    const told = answer({ 2: 1, 3: 1 }, 25, { from, to: from + 25 * HOUR, starts });
    const heat = calendarOf(widget('days'), 'days', told, 'Europe/Berlin');
    expect(heat.rows).toEqual(['Sun 10-25']);
    expect(cell(heat, 'Sun 10-25', 2)).toBe(2);
  });

  it('has as many hours a column as the buckets of a long range', () => {
    const starts = [0, 2, 4].map((hour) => T0 + hour * HOUR);
    const heat = calendarOf(widget('days'), 'days', answer({ 1: 6 }, 6, { interval: 7200, starts }), 'UTC');
    expect(heat.columns).toHaveLength(12);
    expect(heat.columns[1]).toBe('02:00');
    expect(cell(heat, 'Mon 11-23', 1)).toBe(6);
  });

  it('asks for buckets at which hours of the zone begin', () => {
    expect(
      ['UTC', 'Europe/Berlin', 'Asia/Kolkata', 'Asia/Kathmandu'].map((zone) => calendarStep(zone, T0)),
    ).toEqual([3600, 3600, 1800, 900]);
  });
});

describe('the mark of a cell', () => {
  const scope = { document: { format: 1 as const, title: '', widgets: [] }, values: {} };

  it('is its hour', () => {
    const heat = calendarOf(widget('days'), 'days', answer({ 9: 3 }, 24), 'UTC');
    expect(drillTo(widget('days'), heat.markOf(0, 9), scope)).toEqual({
      kind: 'audit',
      query: 'verb: delete',
      from: '2026-11-23T09:00:00Z',
      to: '2026-11-23T10:00:00Z',
    });
  });

  it('of a day of the week is each of its hours, and none between them', () => {
    const heat = calendarOf(widget('weekdays'), 'weekdays', answer({ 9: 3 }, 8 * 24), 'UTC');
    const told = drillTo(widget('weekdays'), heat.markOf(0, 9), scope);
    expect([told.from, told.to]).toEqual(['2026-11-23T09:00:00Z', '2026-11-30T10:00:00Z']);
    expect(told.query).toBe(
      'verb: delete and (requestReceivedTimestamp >= "2026-11-23T09:00:00Z" and requestReceivedTimestamp < "2026-11-23T10:00:00Z"' +
        ' or requestReceivedTimestamp >= "2026-11-30T09:00:00Z" and requestReceivedTimestamp < "2026-11-30T10:00:00Z")',
    );
  });
});
