import { useTable } from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import type { FlowRow } from '../api/flows';
import { columns, features, NUMBERS } from './columns';

const ROW = 30;
const SKELETONS = Array.from({ length: 5 }, (_, at) => at);

interface Props {
  rows: FlowRow[];
  waiting: boolean;
  more: boolean;
  onMore: () => void;
  onPick: (row: FlowRow) => void;
  onScrolled: (scrolled: boolean) => void;
}

export function FlowTable({ rows, waiting, more, onMore, onPick, onScrolled }: Props) {
  const table = useTable({ features, columns, data: rows, getRowId: (row) => row.id });
  const model = table.getRowModel().rows;
  const scroll = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: model.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW,
    overscan: 10,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;

  useEffect(() => {
    if (more && last >= model.length - 15) onMore();
  }, [last, model.length, more, onMore]);

  const before = items[0]?.start ?? 0;
  const after = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  return (
    <div
      className="table-scroll"
      ref={scroll}
      onScroll={(event) => onScrolled(event.currentTarget.scrollTop > ROW)}
    >
      <table
        className="table flow-table"
        aria-label="Flow records, newest first"
        aria-rowcount={more ? -1 : model.length + 1}
        data-testid="flow-table"
      >
        <thead>
          {table.getHeaderGroups().map((group) => (
            <tr key={group.id}>
              {group.headers.map((header) => (
                <th key={header.id} className={NUMBERS.has(header.column.id) ? 'right' : undefined}>
                  <table.FlexRender header={header} />
                </th>
              ))}
            </tr>
          ))}
        </thead>
        <tbody data-waiting={waiting || undefined}>
          {before > 0 && <Gap height={before} />}
          {items.map((item) => {
            const row = model[item.index];
            if (!row) return null;
            return (
              <tr
                key={row.id}
                tabIndex={0}
                aria-rowindex={item.index + 2}
                data-testid="flow-row"
                data-action={row.original.action}
                onClick={() => onPick(row.original)}
                onKeyDown={(event) => event.key === 'Enter' && onPick(row.original)}
              >
                {row.getAllCells().map((cell) => (
                  <td key={cell.id} className={NUMBERS.has(cell.column.id) ? 'right figure' : undefined}>
                    <table.FlexRender cell={cell} />
                  </td>
                ))}
              </tr>
            );
          })}
          {after > 0 && <Gap height={after} />}
          {rows.length === 0 &&
            waiting &&
            SKELETONS.map((at) => (
              <tr key={at} aria-hidden>
                <td colSpan={columns.length}>
                  <div className="skeleton" style={{ height: 12, width: `${88 - at * 7}%` }} />
                </td>
              </tr>
            ))}
        </tbody>
      </table>
    </div>
  );
}

const Gap = ({ height }: { height: number }) => (
  <tr className="spacer" aria-hidden>
    <td style={{ height }} colSpan={columns.length} />
  </tr>
);
