import './board.css';
import './panel.css';
import '../../kql/kql.css';
import { IconArrowRight, IconBulb, IconSearch } from '@tabler/icons-react';
import { useMemo, useRef } from 'react';
import { type Logged, PolicyBoardDocument, type Tier } from '../../api/policies';
import { useAsk } from '../../api/use-ask';
import { isLive, spanOf } from '../../domain/time';
import { clockMinutes, span } from '../../domain/units';
import { ONLY, type Only } from '../../domain/url-state';
import { useNow } from '../../shell/use-now';
import { useUrlState } from '../../shell/use-url-state';
import { BoardStates } from './BoardStates';
import { countsOf, flowsAtEnd, flowsOf, shown } from './model';
import { PolicyPanel } from './PolicyPanel';
import { PolicyTable } from './PolicyTable';
import { TierColumn } from './TierColumn';
import { Unknown } from './Unknown';
import { useBoardKeys } from './use-board-keys';

const WORDS: Record<Only, string> = {
  all: 'All',
  denying: 'Denying',
  staged: 'Staged',
  unused: 'Unused',
  idle: 'Idle rules',
};
const EVERY = 15_000;

/** Tiers as columns in the order of evaluation, their policies from top to bottom. */
export function BoardPage() {
  const [state, update] = useUrlState();
  const now = useNow(1000);
  const range = useMemo(() => ({ from: state.from, to: state.to }), [state.from, state.to]);
  const variables = useMemo(
    () => ({ range, clusters: state.cluster ? [state.cluster] : null }),
    [range, state.cluster],
  );
  const asked = useAsk(PolicyBoardDocument, variables, isLive(range) ? EVERY : 0);
  const board = asked.data?.policyBoard ?? null;
  const tiers = useMemo<Tier[]>(
    () => (board ? shown(board, state.only, state.find, state.namespaces) : []),
    [board, state.only, state.find, state.namespaces],
  );
  const counts = useMemo(() => board && countsOf(board), [board]);
  const clusters = new Set(tiers.map(({ cluster }) => cluster)).size;
  const find = useRef<HTMLInputElement>(null);
  const focusable = useBoardKeys(tiers, state.policy, find);
  const pick = (id: string | null) => update({ policy: id }, { replace: state.policy !== null });
  const toLogs = (query: string, cluster: string) =>
    update({ kind: 'FLOWS', query, cluster, namespaces: [] }, { to: '/logs' });
  const toWhatIf = (object: string, cluster: string) =>
    update(
      { object, change: null, value: null, draft: null, flip: null, cluster },
      { to: '/policies/what-if' },
    );
  const openLogged = (logged: Logged) => toLogs(flowsOf(logged, false), logged.cluster);
  const table = state.view === 'table';
  return (
    <div className="board-page" data-panel={state.policy !== null || undefined}>
      <div className="board-bar">
        <label className="board-find">
          <IconSearch size={15} stroke={1.75} aria-hidden />
          <input
            ref={find}
            className="text-field"
            placeholder="Name, namespace, tier or kind"
            aria-label="Find a policy"
            value={state.find}
            onChange={(event) => update({ find: event.target.value }, { replace: true })}
            data-testid="find-policy"
          />
        </label>
        <div className="segments">
          {ONLY.map((each) => (
            <button
              key={each}
              type="button"
              aria-pressed={state.only === each}
              data-testid={`only-${each}`}
              onClick={() => update({ only: each })}
            >
              {WORDS[each]} <span className="count">{counts ? counts[each] : ''}</span>
            </button>
          ))}
        </div>
        <span className="top-space" />
        <button
          type="button"
          className="button"
          onClick={() => update({}, { to: '/policies/recommended' })}
          data-testid="to-recommended"
        >
          <IconBulb size={15} stroke={1.75} aria-hidden />
          Recommend
        </button>
        <div className="segments">
          {(['graph', 'table'] as const).map((each) => (
            <button
              key={each}
              type="button"
              aria-pressed={state.view === each}
              onClick={() => update({ view: each }, { replace: true })}
              data-testid={`view-${each}`}
            >
              {each === 'graph' ? 'Board' : 'Table'}
            </button>
          ))}
        </div>
      </div>
      <p className="board-note t3">
        <IconArrowRight size={13} stroke={1.75} aria-hidden />
        <span className="cut">
          Evaluated left to right, top to bottom. The first allow or deny ends it; pass jumps to the next
          tier.
        </span>
        <span className="top-space" />
        {board && (
          <span className="cut">
            connections, {span(spanOf(range, now))} · policies as of {clockMinutes(Date.parse(board.asOf))}{' '}
            UTC
          </span>
        )}
      </p>
      <BoardStates asked={asked} board={board} tiers={tiers} />
      {board && (
        <div className="board-scroll" data-stale={!asked.current || undefined}>
          {table ? (
            <PolicyTable tiers={tiers} now={now} selected={state.policy} onPick={pick} />
          ) : (
            <div className="board-tiers" data-testid="board">
              {tiers.map((tier) => (
                <TierColumn
                  key={`${tier.cluster} ${tier.name}`}
                  tier={tier}
                  cluster={clusters > 1 ? tier.cluster : null}
                  now={now}
                  selected={state.policy}
                  focusable={focusable}
                  onPick={pick}
                  onEnded={() => toLogs(flowsAtEnd(tier), tier.cluster)}
                />
              ))}
              {board.notImported.length > 0 && <Unknown found={board.notImported} onOpen={openLogged} />}
            </div>
          )}
        </div>
      )}
      {state.policy && (
        <PolicyPanel
          key={state.policy}
          id={state.policy}
          range={range}
          now={now}
          onPick={pick}
          onLogs={toLogs}
          onTry={toWhatIf}
          onClose={() => pick(null)}
        />
      )}
    </div>
  );
}
