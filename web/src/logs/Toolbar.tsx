import { IconColumns3, IconPlayerPauseFilled, IconPlayerPlayFilled, IconX } from '@tabler/icons-react';
import { KINDS } from '../domain/log-kinds';
import { visible } from '../domain/names';
import { isLive } from '../domain/time';
import { exact, short } from '../domain/units';
import type { UrlState } from '../domain/url-state';
import { Chips } from './Chips';
import type { Column } from './columns';

interface Props {
  state: UrlState;
  update: (patch: Partial<UrlState>) => void;
  /** Conditions that the kind at hand has no fields for. */
  dropped: readonly string[];
  onDismiss: () => void;
  columns: readonly Column[];
  tailing: boolean;
  paused: boolean;
  /** Records that arrived and are not shown. */
  waiting: number;
  onPause: () => void;
  onNewest: () => void;
  onFields: () => void;
}

export function Toolbar(props: Props) {
  const { state, update, dropped, columns, tailing, paused, waiting } = props;
  const live = isLive(state);
  const canTail = live && state.sort === null;
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
      <span aria-live="polite">
        {waiting > 0 && (
          <button type="button" className="chip brand" onClick={props.onNewest} data-testid="newer">
            +{short(waiting)} newer
          </button>
        )}
      </span>
      <span className="t3 small-text wide-only" data-testid="order-words">
        {state.sort
          ? `Ordered by ${visible(state.sort.replace(/^-/, ''))}`
          : tailing
            ? 'As they arrive'
            : 'Newest first'}
      </span>
      <button
        type="button"
        className="button small"
        aria-pressed={tailing}
        disabled={!canTail}
        title={
          canTail
            ? 'Show records as they arrive'
            : live
              ? 'Records arrive newest first: order by time to follow them'
              : 'The range has ended: follow live to see what arrives'
        }
        data-testid="tail"
        onClick={() => update({ tail: !state.tail })}
      >
        {tailing ? (
          <IconX size={13} stroke={2} aria-hidden />
        ) : (
          <IconPlayerPlayFilled size={12} aria-hidden />
        )}
        {tailing ? 'Stop the tail' : 'Live tail'}
      </button>
      {tailing && (
        <button
          type="button"
          className="button small"
          aria-pressed={paused}
          onClick={props.onPause}
          data-testid="tail-pause"
        >
          {paused ? (
            <IconPlayerPlayFilled size={12} aria-hidden />
          ) : (
            <IconPlayerPauseFilled size={12} aria-hidden />
          )}
          {paused ? `Go on${waiting ? `, ${exact(waiting)} waiting` : ''}` : 'Pause'}
        </button>
      )}
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
