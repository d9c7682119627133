import { type KeyboardEvent, type RefObject, useCallback, useEffect, useRef, useState } from 'react';
import type { LogKind } from '../domain/log-kinds';
import type { Actions } from './actions';
import { cellCondition, cellText } from './cells';
import type { Column } from './columns';
import type { Rows } from './LogTable';
import { isGap } from './tail';

export interface Place {
  row: number;
  column: number;
}

interface Input {
  box: RefObject<HTMLElement | null>;
  kind: LogKind;
  rows: Rows;
  columns: readonly Column[];
  opened: string | null;
  actions: Actions;
  scrollTo: (index: number) => void;
  onOpen: (id: string | null) => void;
}

const STEPS: Partial<Record<string, Place>> = {
  ArrowDown: { row: 1, column: 0 },
  ArrowUp: { row: -1, column: 0 },
  j: { row: 1, column: 0 },
  k: { row: -1, column: 0 },
  ArrowRight: { row: 0, column: 1 },
  ArrowLeft: { row: 0, column: -1 },
  PageDown: { row: 20, column: 0 },
  PageUp: { row: -20, column: 0 },
};

/** Moves among the cells and acts on the one at hand. */
export function useGridKeys({ box, kind, rows, columns, opened, actions, scrollTo, onOpen }: Input) {
  const [place, setPlace] = useState<Place | null>(null);
  const going = useRef(false);

  const go = useCallback(
    (by: Place) => {
      if (rows.count === 0) return;
      going.current = true;
      const from = place ?? { row: -1, column: 0 };
      const row = Math.max(0, Math.min(rows.count - 1, from.row + by.row));
      const column = Math.max(0, Math.min(columns.length - 1, from.column + by.column));
      scrollTo(row);
      setPlace({ row, column });
      const record = rows.at(row);
      // What is open follows.
      if (opened && by.row && record && !isGap(record)) onOpen(record.id);
    },
    [place, rows, columns.length, opened, scrollTo, onOpen],
  );

  // The cell may only come into the document by scrolling, so this looks after every drawing.
  useEffect(() => {
    if (!going.current || !place) return;
    const cell = box.current?.querySelector<HTMLElement>(
      `[data-row="${place.row}"][data-column="${place.column}"]`,
    );
    if (!cell) return;
    going.current = false;
    cell.focus({ preventScroll: true });
    cell.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  });

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const cell = (event.target as HTMLElement).closest('td');
    if (!cell || !place) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const record = rows.at(place.row);
    const column = columns[place.column];
    const by = STEPS[key];
    if (by) go(by);
    else if (!record || isGap(record) || !column) return;
    else if (key === 'Enter') onOpen(record.id === opened ? null : record.id);
    else if (key === 'f' || key === 'x') {
      const part = cellCondition(kind, record, column);
      if (part === null) return;
      if (key === 'f') actions.include(part);
      else actions.exclude(part);
    } else if (key === 'c') actions.copy(cellText(record, column));
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const step = useCallback((by: 1 | -1) => go({ row: by, column: 0 }), [go]);
  return { place, setPlace, step, onKeyDown };
}
