import type { Action } from '../api/posture';
import { visible } from '../domain/names';
import { ago, day, exact } from '../domain/units';
import { useNow } from '../shell/use-now';
import { ActionItem, about } from './ActionItem';

interface Props {
  actions: readonly Action[];
  total: number;
  clusters: boolean;
  busy: boolean;
  onReopen: (action: Action) => void;
}

/** Actions that somebody decided against: who, why and until when, and the way back. */
export function Dismissed({ actions, total, clusters, busy, onReopen }: Props) {
  const now = useNow(60_000);
  if (!total) return null;
  return (
    <details className="posture-dismissed" data-testid="posture-dismissed">
      <summary>
        Dismissed <span className="count">{exact(total)}</span>
        <span className="t3"> the score counts them as they are</span>
      </summary>
      <ul className="posture-actions">
        {actions.map((action) => (
          <ActionItem
            key={action.id}
            action={action}
            clusters={clusters}
            testId="dismissed-action"
            below={
              action.dismissal && (
                <p className="action-why">
                  <q>{visible(action.dismissal.note)}</q>
                  <span className="t3">
                    {action.dismissal.by && ` ${visible(action.dismissal.by)},`}{' '}
                    {ago(Date.parse(action.dismissal.at), now)}
                    {action.dismissal.until && `, until ${day(Date.parse(action.dismissal.until))}`}
                    {action.dismissal.subjects &&
                      `, while no more than ${exact(action.dismissal.subjects)} fall short`}
                  </span>
                </p>
              )
            }
          >
            <button
              type="button"
              className="button small"
              disabled={busy}
              aria-label={`Bring back: ${about(action)}`}
              onClick={() => onReopen(action)}
              data-testid="action-reopen"
            >
              Bring back
            </button>
          </ActionItem>
        ))}
      </ul>
    </details>
  );
}
