/** Every widget's answer as one table: what a table shows, what stands beside each picture, and what CSV holds. */
import { type Answer, boundsOf, secondsOf } from './answer';
import { groupsOf, metricWord, type Unit, unitOf, type Widget } from './document';
import { addsUp, groupWord, perSecond } from './values';

export interface Column {
  id: string;
  title: string;
  /** Null for names. */
  unit: Unit | null;
}

export interface TableRow {
  id: string;
  /** Milliseconds where time is cut. */
  start: number | null;
  keys: (string | null)[];
  names: string[];
  values: (number | null)[];
  from: number;
  to: number;
  rest: boolean;
}

export interface Tabular {
  timed: boolean;
  columns: Column[];
  rows: TableRow[];
  groups: number;
  truncated: boolean;
}

export function tabular(widget: Widget, answer: Answer): Tabular {
  const { query } = widget;
  const fields = groupsOf(query);
  const timed = answer.interval !== null;
  const measured = (values: (number | null)[], bucket: number | null) =>
    query.metrics.map((metric, at) =>
      perSecond(values[at] ?? null, unitOf(widget, metric), metric, secondsOf(answer, bucket)),
    );
  const rows: TableRow[] = answer.rows.map(({ keys, bucket, values }) => ({
    id: JSON.stringify([keys, bucket]),
    start: bucket === null ? null : (answer.starts[bucket] ?? null),
    keys,
    names: fields.map((field, at) => groupWord(keys[at], field, query.kind)),
    values: measured(values, bucket),
    ...boundsOf(answer, bucket),
    rest: false,
  }));
  if (fields.length && query.metrics.every(addsUp))
    for (const { bucket, values } of answer.other)
      rows.push({
        id: JSON.stringify(['rest', bucket]),
        start: bucket === null ? null : (answer.starts[bucket] ?? null),
        keys: [],
        names: fields.map((_, at) => (at ? '' : 'all others')),
        values: measured(values, bucket),
        ...boundsOf(answer, bucket),
        rest: true,
      });
  return {
    timed,
    columns: [
      ...(timed ? [{ id: 'start', title: 'Time', unit: null }] : []),
      ...fields.map((field) => ({ id: field, title: field, unit: null })),
      ...query.metrics.map((metric, at) => ({
        id: `m${at}`,
        title: metricWord(metric),
        unit: unitOf(widget, metric),
      })),
    ],
    rows,
    groups: answer.groups,
    truncated: answer.truncated,
  };
}

export interface Sorting {
  /** Place of a column. */
  column: number;
  way: 'up' | 'down';
}

/** Rows by a column; the rest stays last, and so does what is not known. */
export function sorted(table: Tabular, sorting: Sorting | null): TableRow[] {
  if (!sorting) return table.rows;
  const timed = table.timed ? 1 : 0;
  const names = table.columns.filter(({ unit }) => unit === null).length;
  const way = sorting.way === 'up' ? 1 : -1;
  const of = (row: TableRow): string | number | null => {
    if (timed && sorting.column === 0) return row.start;
    if (sorting.column < names) return row.names[sorting.column - timed] ?? '';
    return row.values[sorting.column - names] ?? null;
  };
  return [...table.rows].sort((a, b) => {
    if (a.rest !== b.rest && !table.timed) return a.rest ? 1 : -1;
    const [x, y] = [of(a), of(b)];
    if (x === null || y === null) return x === y ? 0 : x === null ? 1 : -1;
    if (typeof x === 'string' || typeof y === 'string')
      return way * String(x).localeCompare(String(y), 'en', { numeric: true });
    return way * (x - y);
  });
}
