import type { Board, Tier } from '../../api/policies';
import type { Asked } from '../../api/use-ask';
import { visible } from '../../domain/names';
import { clock } from '../../domain/units';
import { useUrlState } from '../../shell/use-url-state';

interface Props {
  asked: Pick<Asked<unknown>, 'problem' | 'retry' | 'answeredAt'>;
  board: Board | null;
  tiers: readonly Tier[];
}

/** What is said where the board is not all there: waiting, failed, without manifests, or nothing that matches. */
export function BoardStates({ asked, board, tiers }: Props) {
  const [state, update] = useUrlState();
  const without = board?.clustersWithoutManifests ?? [];
  const nothing = board !== null && !board.tiers.length && !without.length;
  const none = board !== null && tiers.every(({ policies }) => !policies.length);
  const narrowed = state.find !== '' || state.only !== 'all' || state.namespaces.length > 0;
  return (
    <>
      {asked.problem && (
        <p className="board-told warn-ink" role="alert">
          The policies did not answer: {asked.problem.message}{' '}
          {board && `What is shown is from ${clock(asked.answeredAt)} UTC. `}
          <button type="button" className="button small" onClick={asked.retry}>
            Try again
          </button>
        </p>
      )}
      {!board && !asked.problem && (
        <div className="board-tiers" aria-busy="true" data-testid="board-waiting">
          {[0, 1, 2, 3].map((at) => (
            <span key={at} className="skeleton tier-waiting" />
          ))}
        </div>
      )}
      {(without.length > 0 || nothing) && (
        <div className="board-empty" data-testid="no-manifests">
          <p className="notice-title">
            {nothing
              ? 'No policies yet: no cluster has sent logs.'
              : `${tiers.length ? 'No' : 'No policies yet: no'} manifests of ${without.map(visible).join(', ')} are known.`}
          </p>
          <p>Bring them in, and the board shows them with what the logs say they did:</p>
          <code>
            kubectl get networkpolicies,pods,namespaces -A -o yaml | tapetum policy import - --cluster{' '}
            {visible(without[0] ?? 'NAME')} --url {location.origin}
          </code>
          <p className="t3">
            Audit logs of the cluster that come in tell of its policies too, as of any time. Of Calico, name
            tiers, globalnetworkpolicies and networksets too.
          </p>
        </div>
      )}
      {none && narrowed && !nothing && (
        <div className="board-empty" data-testid="none-match">
          <p className="notice-title">No policy matches.</p>
          <button
            type="button"
            className="button"
            onClick={() => update({ find: '', only: 'all', namespaces: [] })}
          >
            Show all
          </button>
        </div>
      )}
    </>
  );
}
