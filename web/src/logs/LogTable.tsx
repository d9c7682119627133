import { useVirtualizer } from '@tanstack/react-virtual';
import { type Ref, useEffect, useImperativeHandle, useRef } from 'react';
import type { LogKind } from '../domain/log-kinds';
import { exact } from '../domain/units';
import type { Actions } from './actions';
import type { Column } from './columns';
import { HeaderCell } from './HeaderCell';
import { Row } from './Row';
import { type Arrival, isGap } from './tail';
import { useGridKeys } from './use-grid-keys';

export const ROW = 30;
const SKELETONS = Array.from({ length: 8 }, (_, at) => at);

export interface Rows {
  /** How many of them arrived on top of those that were asked for. */
  above: number;
  count: number;
  /** Null where the row is not in memory yet. */
  at: (index: number) => Arrival | null;
  /** Whether there are more behind these. */
  more: boolean;
  waiting: boolean;
}

export interface TableHandle {
  step: (by: 1 | -1) => void;
  top: () => void;
}

interface Props {
  kind: LogKind;
  label: string;
  columns: readonly Column[];
  sort: string | null;
  rows: Rows;
  opened: string | null;
  actions: Actions;
  handle: Ref<TableHandle>;
  onOpen: (id: string | null) => void;
  onSort: (field: string) => void;
  onColumns: (columns: Column[]) => void;
  onLook: (first: number, last: number) => void;
  onScrolled: (scrolled: boolean) => void;
}

/** Records as rows; only those in sight are in the document, and only pages near them in memory. */
export function LogTable(props: Props) {
  const { kind, columns, rows, opened, actions, onLook } = props;
  const scroll = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.count,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW,
    overscan: 8,
  });
  const items = virtual.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (rows.count > 0) onLook(first, last);
  }, [first, last, rows.count, onLook]);

  const keys = useGridKeys({
    box: scroll,
    kind,
    rows,
    columns,
    opened,
    actions,
    scrollTo: (index) => virtual.scrollToIndex(index, { align: 'auto' }),
    onOpen: props.onOpen,
  });
  const { step } = keys;
  useImperativeHandle(props.handle, () => ({ step, top: () => scroll.current?.scrollTo({ top: 0 }) }), [
    step,
  ]);

  const before = items[0]?.start ?? 0;
  const after = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  const width = columns.reduce((sum, column) => sum + column.width, 0);
  return (
    <div
      className="table-scroll log-scroll"
      ref={scroll}
      onScroll={(event) => props.onScrolled(event.currentTarget.scrollTop > ROW)}
    >
      <table
        className="table log-table"
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: its cells take keys
        role="grid"
        aria-label={props.label}
        aria-rowcount={rows.more ? -1 : rows.count + 1}
        aria-colcount={columns.length}
        style={{ minWidth: width }}
        data-testid="log-table"
        onKeyDown={keys.onKeyDown}
      >
        <colgroup>
          {columns.map((column) => (
            <col key={column.id} style={{ width: column.width }} />
          ))}
        </colgroup>
        <thead>
          <tr aria-rowindex={1}>
            {columns.map((column, at) => (
              <HeaderCell
                key={column.id}
                column={column}
                at={at}
                columns={columns}
                sort={props.sort}
                onSort={props.onSort}
                onColumns={props.onColumns}
              />
            ))}
          </tr>
        </thead>
        <tbody data-waiting={rows.waiting || undefined}>
          {before > 0 && <Spacer height={before} columns={columns.length} />}
          {items.map((item) => {
            const row = rows.at(item.index);
            if (row === null) return <Missing key={item.index} index={item.index} columns={columns.length} />;
            if (isGap(row)) {
              return (
                <tr key={row.id} className="gap-row" aria-rowindex={item.index + 2} data-testid="gap-row">
                  <td colSpan={columns.length}>
                    {exact(row.gap)} more arrived here and are not shown. Stop the tail to read them all.
                  </td>
                </tr>
              );
            }
            return (
              <Row
                key={row.id}
                kind={kind}
                record={row}
                index={item.index}
                columns={columns}
                active={keys.place?.row === item.index ? keys.place.column : null}
                reachable={keys.place === null ? item.index === 0 : keys.place.row === item.index}
                opened={row.id === opened}
                actions={actions}
                onPlace={keys.setPlace}
                onOpen={props.onOpen}
              />
            );
          })}
          {after > 0 && <Spacer height={after} columns={columns.length} />}
          {rows.count === 0 &&
            rows.waiting &&
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

const Spacer = ({ height, columns }: { height: number; columns: number }) => (
  <tr className="spacer" aria-hidden>
    <td style={{ height }} colSpan={columns} />
  </tr>
);

const Missing = ({ index, columns }: { index: number; columns: number }) => (
  <tr aria-rowindex={index + 2} aria-busy="true">
    <td colSpan={columns}>
      <div className="skeleton" style={{ height: 12, width: '60%' }} />
    </td>
  </tr>
);
