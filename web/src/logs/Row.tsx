import { memo, useState } from 'react';
import type { LogKind } from '../domain/log-kinds';
import { isUnlogged, type LogRecord } from '../domain/record';
import type { Actions } from './actions';
import { Cell } from './Cell';
import { cellCondition, cellText } from './cells';
import type { Column } from './columns';
import type { Place } from './use-grid-keys';
import { ValueActions } from './ValueActions';

interface Props {
  kind: LogKind;
  record: LogRecord;
  index: number;
  columns: readonly Column[];
  /** The column whose cell the keys act on; null where they are at another row. */
  active: number | null;
  /** Whether Tab comes to this row. */
  reachable: boolean;
  opened: boolean;
  actions: Actions;
  onPlace: (place: Place) => void;
  onOpen: (id: string | null) => void;
}

export const Row = memo(function Row(props: Props) {
  const { kind, record, index, columns, active, reachable, opened, actions, onPlace, onOpen } = props;
  const [hovered, setHovered] = useState<number | null>(null);
  const tab = active ?? (reachable ? 0 : null);
  return (
    <tr
      aria-rowindex={index + 2}
      aria-selected={opened}
      data-testid="log-row"
      data-id={record.id}
      data-unlogged={(kind === 'DNS' && isUnlogged(record)) || undefined}
      onMouseLeave={() => setHovered(null)}
    >
      {columns.map((column, at) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the grid that owns the cells has the keys
        <td
          key={column.id}
          // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a grid's cell takes the focus
          role="gridcell"
          aria-colindex={at + 1}
          tabIndex={tab === at ? 0 : -1}
          data-row={index}
          data-column={at}
          data-field={column.id}
          className={column.right ? 'right figure' : undefined}
          onMouseEnter={() => setHovered(at)}
          onFocus={(event) => event.target === event.currentTarget && onPlace({ row: index, column: at })}
          onClick={() => onOpen(opened ? null : record.id)}
        >
          <Cell kind={kind} column={column} record={record} />
          {(hovered === at || active === at) && (
            <ValueActions
              of={column.title}
              part={cellCondition(kind, record, column)}
              text={cellText(record, column)}
              actions={actions}
              reachable={false}
            />
          )}
        </td>
      ))}
    </tr>
  );
});
