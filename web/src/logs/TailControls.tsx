import { IconPlayerPauseFilled, IconPlayerPlayFilled, IconX } from '@tabler/icons-react';
import { visible } from '../domain/names';
import { isLive } from '../domain/time';
import { exact, short } from '../domain/units';
import type { UrlState } from '../domain/url-state';

export interface Tail {
  state: UrlState;
  update: (patch: Partial<UrlState>) => void;
  tailing: boolean;
  paused: boolean;
  /** Records that arrived and are not shown. */
  waiting: number;
  onPause: () => void;
  onNewest: () => void;
}

/** Whether new records are shown, counted or left out, and in which order the rows are. */
export function TailControls({ state, update, tailing, paused, waiting, onPause, onNewest }: Tail) {
  const live = isLive(state);
  const canTail = live && state.sort === null;
  return (
    <>
      <span aria-live="polite">
        {waiting > 0 && (
          <button type="button" className="chip brand" onClick={onNewest} data-testid="newer">
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
          onClick={onPause}
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
    </>
  );
}
