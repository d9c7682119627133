import type { ReactNode } from 'react';
import { visible } from '../../domain/names';

interface Kept {
  id: string;
  title: string;
  /** Of what can be switched. */
  enabled?: boolean;
  editable?: boolean;
}

export interface Column<Row> {
  head: string;
  cell: (row: Row) => ReactNode;
  /** Of the head and of each cell: `num`, `wide-only`. */
  className?: string;
  /** Of a row's cell. */
  tone?: (row: Row) => string;
}

interface Props<Row> {
  one: string;
  /** What is in it, for who does not see it. */
  label: string;
  /** The head over the titles. */
  head: string;
  rows: readonly Row[];
  columns: readonly Column<Row>[];
  chosen: string | null;
  /** What stands before its title. */
  mark?: (row: Row) => ReactNode;
  /** Ids of those that are being switched. */
  turning?: ReadonlySet<string>;
  onChoose: (row: Row) => void;
  /** Without it nothing is switched. */
  onTurn?: (row: Row, enabled: boolean) => void;
}

/** A row for each thing that is kept: whether it is on, its title, and what its columns tell. */
export function KeptTable<Row extends Kept>(props: Props<Row>) {
  const { one, label, head, rows, columns, chosen, mark, turning, onChoose, onTurn } = props;
  return (
    <table className="table kept-table" aria-label={label}>
      <thead>
        <tr>
          {onTurn && <th scope="col">On</th>}
          <th scope="col">{head}</th>
          {columns.map((column) => (
            <th key={column.head} scope="col" className={column.className}>
              {column.head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.id} aria-selected={row.id === chosen} data-testid={one}>
            {onTurn && (
              <td>
                <input
                  type="checkbox"
                  className="kept-switch"
                  aria-label={`${visible(row.title)}: on`}
                  checked={row.enabled === true}
                  disabled={row.editable === false}
                  aria-busy={turning?.has(row.id) === true}
                  onChange={(event) => onTurn(row, event.target.checked)}
                  data-testid={`${one}-switch`}
                />
              </td>
            )}
            <td>
              <button
                type="button"
                className="kept-title cut"
                aria-expanded={row.id === chosen}
                onClick={() => onChoose(row)}
                data-testid={`${one}-title`}
              >
                {mark?.(row)}
                {visible(row.title)}
              </button>
            </td>
            {columns.map(({ head: name, cell, className = '', tone }) => (
              <td key={name} className={`${className} ${tone?.(row) ?? ''}`.trim() || undefined}>
                {cell(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
