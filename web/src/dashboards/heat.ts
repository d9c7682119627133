/** A grid of values: a group over time, a group by another. */
import { type Answer, boundsOf, secondsOf } from './answer';
import { groupsOf, unitOf, type Widget } from './document';
import type { Mark } from './drill';
import { groupWord, perSecond } from './values';

export interface Heat {
  rows: string[];
  /** Names, or the moments at which buckets begin. */
  columns: (string | number)[];
  /** By row, then by column; null where there are no records. */
  cells: (number | null)[][];
  most: number;
  /** What rows and columns are. */
  note: string;
  markOf: (row: number, column: number) => Mark;
}

const MOST_ROWS = 40;
const MOST_COLUMNS = 60;

export function heatOf(widget: Widget, answer: Answer): Heat {
  const { query } = widget;
  const [down = '', across] = groupsOf(query);
  const metric = query.metrics[0];
  const rows = ranked(answer, 0).slice(0, MOST_ROWS);
  const timed = answer.interval !== null;
  const columns = timed ? answer.starts.map((_, at) => at) : ranked(answer, 1).slice(0, MOST_COLUMNS);
  const rowAt = new Map(rows.map((key, at) => [key, at]));
  const columnAt = new Map<string | number | null, number>(columns.map((key, at) => [key, at]));
  const cells = rows.map(() => columns.map(() => null as number | null));
  let most = 0;
  for (const row of answer.rows) {
    const r = rowAt.get(row.keys[0] ?? null);
    const c = columnAt.get(timed ? row.bucket : (row.keys[1] ?? null));
    const line = r === undefined ? undefined : cells[r];
    if (!line || c === undefined || !metric) continue;
    const value = perSecond(row.values[0] ?? null, unitOf(widget), metric, secondsOf(answer, row.bucket));
    line[c] = value;
    most = Math.max(most, value ?? 0);
  }
  return {
    rows: rows.map((key) => groupWord(key, down, query.kind)),
    columns: timed
      ? answer.starts
      : columns.map((key) => groupWord(key as string | null, across ?? '', query.kind)),
    cells,
    most,
    note: `${down} by ${timed ? 'time' : (across ?? '')}`,
    markOf: (row, column) => ({
      keys: timed ? [rows[row]] : [rows[row], columns[column] as string | null],
      ...boundsOf(answer, timed ? column : null),
    }),
  };
}

/** Keys of a place in the order in which groups came, which is from the most to the least. */
function ranked(answer: Answer, place: number): (string | null)[] {
  return [...new Set(answer.rows.map(({ keys }) => keys[place] ?? null))];
}

/** How strong a cell is, from 0 to 1; a root, so that the small stay apart from nothing. */
export const strength = (value: number | null, most: number): number =>
  value === null || most <= 0 ? 0 : Math.sqrt(Math.max(0, value) / most);
