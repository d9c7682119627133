import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { type KeyboardEvent, type PointerEvent, useState } from 'react';
import { visible } from '../domain/names';
import { type Column, moved, resized } from './columns';

interface Props {
  column: Column;
  at: number;
  columns: readonly Column[];
  sort: string | null;
  onSort: (field: string) => void;
  onColumns: (columns: Column[]) => void;
}

const WIDER = 20;
const MIME = 'application/x-tapetum-column';

/** A column's head: a press orders, dragging or Alt with an arrow moves, the edge or Shift with an arrow resizes. */
export function HeaderCell({ column, at, columns, sort, onSort, onColumns }: Props) {
  const [width, setWidth] = useState<number | null>(null);
  const [over, setOver] = useState(false);
  const direction = sort === column.order ? 'ascending' : sort === `-${column.order}` ? 'descending' : null;

  const onKeyDown = (event: KeyboardEvent) => {
    const way = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : 0;
    if (!way || !(event.altKey || event.shiftKey)) return;
    event.preventDefault();
    onColumns(
      event.altKey
        ? moved(columns, column.id, at + way)
        : resized(columns, column.id, column.width + way * WIDER),
    );
  };
  const resizer = {
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      event.preventDefault();
      event.currentTarget.setPointerCapture(event.pointerId);
      setWidth(column.width);
    },
    onPointerMove: (event: PointerEvent<HTMLElement>) => {
      if (width === null) return;
      const left = event.currentTarget.parentElement?.getBoundingClientRect().left ?? 0;
      setWidth(event.clientX - left);
    },
    onPointerUp: () => {
      if (width !== null && width !== column.width) onColumns(resized(columns, column.id, width));
      setWidth(null);
    },
  };
  return (
    <th
      scope="col"
      aria-colindex={at + 1}
      aria-sort={direction ?? (column.order ? 'none' : undefined)}
      className={column.right ? 'right' : undefined}
      data-testid="log-head"
      data-field={column.id}
      data-over={over || undefined}
      draggable={width === null}
      onDragStart={(event) => event.dataTransfer.setData(MIME, column.id)}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes(MIME)) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        onColumns(moved(columns, event.dataTransfer.getData(MIME), at));
      }}
    >
      <button
        type="button"
        title={`${column.fields.join(', ')}. ${column.order ? 'Press to order.' : 'Has several values, so nothing is ordered by it.'} Alt and arrows move it, Shift and arrows resize it.`}
        onClick={() => column.order && onSort(column.order)}
        onKeyDown={onKeyDown}
      >
        <span className="cut">{visible(column.title)}</span>
        {direction === 'ascending' && <IconArrowUp size={12} stroke={2} aria-hidden />}
        {direction === 'descending' && <IconArrowDown size={12} stroke={2} aria-hidden />}
      </button>
      <span
        className="column-edge"
        aria-hidden
        data-testid="column-edge"
        style={width === null ? undefined : { transform: `translateX(${width - column.width}px)` }}
        {...resizer}
      />
    </th>
  );
}
