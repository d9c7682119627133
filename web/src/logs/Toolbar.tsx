import { IconColumns3, IconX } from '@tabler/icons-react';
import { KINDS } from '../domain/log-kinds';
import { visible } from '../domain/names';
import { Chips } from './Chips';
import type { Column } from './columns';
import { type Tail, TailControls } from './TailControls';

interface Props extends Tail {
  /** Conditions that the kind at hand has no fields for. */
  dropped: readonly string[];
  onDismiss: () => void;
  columns: readonly Column[];
  /** Whether groups stand in place of records. */
  grouped: boolean;
  onFields: () => void;
}

export function Toolbar(props: Props) {
  const { state, update, dropped, columns, grouped } = props;
  return (
    <div className="logs-toolbar">
      <Chips query={state.query} onQuery={(query) => update({ query, record: null })} />
      {dropped.length > 0 && (
        <button
          type="button"
          className="chip warn"
          onClick={props.onDismiss}
          data-testid="dropped-conditions"
        >
          <span className="cut">
            {KINDS[state.kind].label} has no field for {visible(dropped.join(', '))}
          </span>
          <IconX size={12} stroke={2} aria-label="dismiss" />
        </button>
      )}
      <span className="top-space" />
      {!grouped && <TailControls {...props} />}
      <button
        type="button"
        className="button small fields-button"
        onClick={props.onFields}
        data-testid="fields-button"
      >
        <IconColumns3 size={14} stroke={1.75} aria-hidden />
        {columns.length} columns
      </button>
    </div>
  );
}
