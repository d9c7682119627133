/** A grid of values: a group over time, a group by another. */
import { clockMinutes, day } from '../domain/units';
import { type Answer, boundsOf, secondsOf } from './answer';
import { groupsOf, unitOf, type Widget } from './document';
import type { Mark } from './drill';
import { groupWord, perSecond } from './values';

export interface Heat {
  rows: string[];
  columns: string[];
  /** One column in so many is named. */
  named: number;
  /** By row, then by column; null where there are no records, undefined outside of the range. */
  cells: (number | null | undefined)[][];
  most: number;
  /** What rows and columns are. */
  note: string;
  markOf: (row: number, column: number) => Mark;
}

const MOST_ROWS = 40;
const MOST_COLUMNS = 60;
const DAY = 86_400_000;

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
  for (const row of answer.rows) {
    const r = rowAt.get(row.keys[0] ?? null);
    const c = columnAt.get(timed ? row.bucket : (row.keys[1] ?? null));
    const line = r === undefined ? undefined : cells[r];
    if (!line || c === undefined || !metric) continue;
    line[c] = perSecond(row.values[0] ?? null, unitOf(widget), metric, secondsOf(answer, row.bucket));
  }
  const far = answer.to - answer.from > DAY;
  return {
    rows: rows.map((key) => groupWord(key, down, query.kind)),
    columns: timed
      ? answer.starts.map((start) =>
          far ? `${day(start).slice(5)} ${clockMinutes(start)}` : clockMinutes(start),
        )
      : columns.map((key) => groupWord(key as string | null, across ?? '', query.kind)),
    named: timed ? Math.ceil(columns.length / 6) : 1,
    cells,
    most: mostOf(cells),
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

export const mostOf = (cells: Heat['cells']): number =>
  cells.flat().reduce<number>((most, value) => Math.max(most, value ?? 0), 0);

/** How strong a cell is, from 0 to 1; a root, so that the small stay apart from nothing. */
export const strength = (value: number | null | undefined, most: number): number =>
  !value || most <= 0 ? 0 : Math.sqrt(Math.max(0, value) / most);
