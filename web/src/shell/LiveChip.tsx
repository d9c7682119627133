import { IconPlayerPauseFilled } from '@tabler/icons-react';
import { useMemo, useSyncExternalStore } from 'react';
import { useApi } from '../api/context';
import { FlowCountDocument } from '../api/flows';
import { usePulse } from '../api/pulse';
import { useAsk } from '../api/use-ask';
import { isLive, resolveRange } from '../domain/time';
import { clock, clockMinutes, lag, short, span } from '../domain/units';
import { useLiveToggle } from './use-live-toggle';
import { useNow } from './use-now';
import { useUrlParts } from './use-url-state';

const SLOW = 5000;
const STALE = 45_000;

export function LiveChip() {
  const [state] = useUrlParts('from', 'to');
  const live = isLive(state);
  const toggle = useLiveToggle();
  return live ? <Following onClick={toggle} /> : <Paused onClick={toggle} />;
}

function Following({ onClick }: { onClick: () => void }) {
  const { live } = useApi();
  const connection = useSyncExternalStore(live.subscribe, live.connection);
  const beat = usePulse();
  const now = useNow(1000);
  const age = beat ? now - beat.asOf : 0;
  const delay = beat ? beat.receivedAt - beat.asOf : 0;
  const [tone, text] =
    connection === 'reconnecting'
      ? (['warn', 'Reconnecting'] as const)
      : !beat
        ? connection === 'open'
          ? (['brand', 'Live'] as const)
          : (['quiet', 'Connecting'] as const)
        : beat.stale || age > STALE
          ? (['warn', `Data from ${clockMinutes(beat.asOf)}, ${span(age)} old`] as const)
          : ([delay > SLOW ? 'warn' : 'brand', 'Live'] as const);
  return (
    <button
      type="button"
      className="live-chip"
      data-tone={tone}
      data-testid="live-chip"
      data-state={connection === 'reconnecting' ? 'reconnecting' : 'live'}
      title="Pause (L)"
      onClick={onClick}
    >
      <span className="live-dot" aria-hidden />
      {text}
      {beat && text === 'Live' && <span className="lag num">{lag(delay)}</span>}
    </button>
  );
}

function Paused({ onClick }: { onClick: () => void }) {
  const [state] = useUrlParts('from', 'to', 'kind', 'cluster', 'query');
  const { to } = resolveRange(state, Date.now());
  // The filter of another kind of log says nothing of flows.
  const ofFlows = state.kind === 'FLOWS';
  const variables = useMemo(
    () =>
      ofFlows
        ? {
            range: { from: state.to, to: 'now' },
            clusters: state.cluster ? [state.cluster] : null,
            filter: state.query || null,
          }
        : null,
    [ofFlows, state.to, state.cluster, state.query],
  );
  const { data } = useAsk(FlowCountDocument, variables, 10_000);
  const newer = ofFlows ? data?.flows.totalCount : undefined;
  return (
    <button
      type="button"
      className="live-chip"
      data-tone="quiet"
      data-testid="live-chip"
      data-state="paused"
      title="Follow now (L)"
      onClick={onClick}
    >
      <IconPlayerPauseFilled size={11} aria-hidden />
      <span>
        Paused at {clock(to)}
        {newer !== undefined && <span className="t3"> {short(Number(newer))} newer</span>}
      </span>
    </button>
  );
}
