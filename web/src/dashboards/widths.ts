/** How wide the columns of a widget's table are: figures and short names as wide as they need, others share what is left. */
import type { Column, TableRow } from './tabular';
import { fully } from './values';

const NAME = 92;
const TIME = 112;
const LOOKED_AT = 200;

export interface Widths {
  /** In pixels; null takes an equal part of the rest. */
  columns: (number | null)[];
  /** Narrower, names could not be told apart: it scrolls instead. */
  least: number;
}

export function widthsOf(columns: readonly Column[], rows: readonly TableRow[]): Widths {
  const names = columns.filter(({ unit }) => unit === null).length;
  const some = rows.slice(0, LOOKED_AT);
  const widths = columns.map(({ id, title, unit }, at) => {
    if (id === 'start') return TIME;
    if (unit === null) {
      // The time, where there is one, is no name of a row.
      const place = at - (columns[0]?.id === 'start' ? 1 : 0);
      const short = nameWidth(title, Math.max(0, ...some.map(({ names }) => names[place]?.length ?? 0)));
      return short < NAME ? short : null;
    }
    const figures = some.map(({ values }) => fully(values[at - names] ?? null, unit).length);
    return figureWidth(title, Math.max(0, ...figures));
  });
  return { columns: widths, least: widths.reduce((sum: number, width) => sum + (width ?? NAME), 0) };
}

/** Of so many characters of mono 11.5, under a head that breaks between words; room for `~` and the arrow. */
function figureWidth(title: string, characters: number): number {
  const word = Math.max(...title.split(' ').map(({ length }) => length));
  return Math.round(Math.max(64, 24 + 7 * (characters + 1), 38 + 6.6 * word));
}

/** Of so many characters of Inter 12. */
function nameWidth(title: string, characters: number): number {
  const part = Math.max(...breakable(title).map(({ length }) => length));
  return Math.round(24 + Math.max(7.2 * characters, 14 + 6.6 * part));
}

/** Where a head may break: after what joins the words of a field. */
export const breakable = (title: string): string[] => title.split(/(?<=[_.])/);
