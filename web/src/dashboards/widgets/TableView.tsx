import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { Fragment, useMemo, useRef, useState } from 'react';
import { clock, day } from '../../domain/units';
import type { Answer } from '../answer';
import type { Widget } from '../document';
import { type Sorting, sorted, tabular } from '../tabular';
import { fully } from '../values';
import { breakable, widthsOf } from '../widths';
import { MarkLink } from './MarkLink';

const ROW = 30;

/** The table of a widget: what a table shows, and what stands in for every picture. */
export function TableView({
  widget,
  answer,
  estimated,
}: {
  widget: Widget;
  answer: Answer;
  estimated: boolean;
}) {
  const table = useMemo(() => tabular(widget, answer), [widget, answer]);
  const [sorting, setSorting] = useState<Sorting | null>(null);
  const rows = useMemo(() => sorted(table, sorting), [table, sorting]);
  const scroll = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW,
    overscan: 10,
  });
  const items = virtual.getVirtualItems();
  const before = items[0]?.start ?? 0;
  const after = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  const names = table.columns.filter(({ unit }) => unit === null).length;
  const widths = useMemo(() => widthsOf(table.columns, table.rows), [table]);
  return (
    <section
      className="table-scroll"
      ref={scroll}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
      tabIndex={0}
      aria-label={`Table of ${widget.title}`}
    >
      <table className="table" aria-rowcount={rows.length + 1} style={{ minWidth: widths.least }}>
        <colgroup>
          {table.columns.map(({ id }, at) => (
            <col key={id} style={{ width: widths.columns[at] ?? undefined }} />
          ))}
        </colgroup>
        <thead>
          <tr>
            {table.columns.map((column, at) => {
              const way = sorting?.column === at ? sorting.way : null;
              const next =
                way === null ? (column.unit === null ? 'up' : 'down') : way === 'down' ? 'up' : 'down';
              return (
                <th
                  key={column.id}
                  className={column.unit === null ? undefined : 'right'}
                  aria-sort={way === 'up' ? 'ascending' : way === 'down' ? 'descending' : 'none'}
                >
                  <button
                    type="button"
                    title={column.title}
                    onClick={() => setSorting({ column: at, way: next })}
                  >
                    {breakable(column.title).map((part) => (
                      <Fragment key={part}>
                        {part}
                        <wbr />
                      </Fragment>
                    ))}
                    {way === 'up' && <IconArrowUp size={12} aria-hidden />}
                    {way === 'down' && <IconArrowDown size={12} aria-hidden />}
                  </button>
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>
          {before > 0 && <Gap height={before} across={table.columns.length} />}
          {items.map((item) => {
            const row = rows[item.index];
            if (!row) return null;
            const cells = [
              ...(row.start === null ? [] : [`${day(row.start).slice(5)} ${clock(row.start)}`]),
              ...row.names,
            ];
            return (
              <tr key={row.id} aria-rowindex={item.index + 2} data-testid="table-row">
                {cells.map((text, at) => (
                  <td key={table.columns[at]?.id} className={row.rest ? 't3' : undefined} title={text}>
                    {at === 0 && !row.rest ? (
                      <MarkLink widget={widget} mark={row} className="link plain">
                        {text}
                      </MarkLink>
                    ) : (
                      text
                    )}
                  </td>
                ))}
                {row.values.map((value, at) => (
                  <td key={table.columns[names + at]?.id} className="right figure">
                    {names === 0 && at === 0 ? (
                      <MarkLink widget={widget} mark={row} className="link plain">
                        {fully(value, table.columns[at]?.unit ?? 'count')}
                      </MarkLink>
                    ) : (
                      `${estimated ? '~' : ''}${fully(value, table.columns[names + at]?.unit ?? 'count')}`
                    )}
                  </td>
                ))}
              </tr>
            );
          })}
          {after > 0 && <Gap height={after} across={table.columns.length} />}
        </tbody>
      </table>
    </section>
  );
}

const Gap = ({ height, across }: { height: number; across: number }) => (
  <tr className="spacer" aria-hidden>
    <td style={{ height }} colSpan={across} />
  </tr>
);
