import { useRef, useState } from 'react';
import type { Changed } from '../api/changes';
import type { Action } from '../api/posture';
import { Problems } from '../dashboards/Problems';
import { exact } from '../domain/units';
import type { Update } from '../shell/use-url-state';
import { ActionItem, about } from './ActionItem';
import { Dismissed } from './Dismissed';
import { DismissForm } from './DismissForm';
import { targetOf } from './model';
import { useDismissing } from './use-dismissing';

const SHOWN = 8;

interface Props {
  actions: readonly Action[];
  total: number;
  dismissed: readonly Action[];
  dismissedTotal: number;
  clusters: boolean;
  update: Update;
  /** An action was dismissed or brought back. */
  onChanged: () => void;
}

/** What to do next, by the points that it gives, and apart from it what somebody decided against. */
export function Actions(props: Props) {
  const { actions, total, dismissed, dismissedTotal, clusters, update, onChanged } = props;
  const { dismiss, reopen } = useDismissing();
  const heading = useRef<HTMLHeadingElement>(null);
  const [all, setAll] = useState(false);
  const [open, setOpen] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState('');
  const [problems, setProblems] = useState<string[]>([]);
  const shown = all ? actions : actions.slice(0, SHOWN);
  const run = async (asked: Promise<Changed>) => {
    setBusy(true);
    const told = await asked;
    setBusy(false);
    setProblems(told.problems);
    setSaid(told.done ?? '');
    if (!told.done) return;
    setOpen(null);
    // What had the focus is gone with its action.
    heading.current?.focus();
    onChanged();
  };
  return (
    <section className="posture-card" aria-labelledby="posture-actions">
      <h2 id="posture-actions" ref={heading} tabIndex={-1}>
        Recommended actions <span className="count">{exact(total)}</span>
      </h2>
      <p className="t3 small-text posture-said" role="status" data-testid="actions-said">
        {said}
      </p>
      <Problems problems={problems} onClose={() => setProblems([])} />
      {!actions.length && <p className="t2 posture-none">Nothing is left to do here.</p>}
      <ul className="posture-actions">
        {shown.map((action) => {
          const { to, patch, label } = targetOf(action);
          return (
            <ActionItem
              key={action.id}
              action={action}
              clusters={clusters}
              testId="posture-action"
              below={
                open === action.id && (
                  <DismissForm
                    what={about(action)}
                    busy={busy}
                    onDismiss={(note, until) => run(dismiss(action, note, until))}
                    onClose={() => {
                      setOpen(null);
                      heading.current?.focus();
                    }}
                  />
                )
              }
            >
              <button
                type="button"
                className="button small"
                onClick={() => update(patch, { to })}
                aria-label={`${label}: ${about(action)}`}
              >
                {label}
              </button>
              <button
                type="button"
                className="button small quiet"
                aria-expanded={open === action.id}
                aria-label={`Dismiss: ${about(action)}`}
                onClick={() => setOpen(open === action.id ? null : action.id)}
                data-testid="action-dismiss"
              >
                Dismiss
              </button>
            </ActionItem>
          );
        })}
      </ul>
      {actions.length > SHOWN && (
        <button type="button" className="button quiet" onClick={() => setAll(!all)} aria-expanded={all}>
          {all ? 'Show fewer' : `Show all ${exact(actions.length)}`}
        </button>
      )}
      <Dismissed
        actions={dismissed}
        total={dismissedTotal}
        clusters={clusters}
        busy={busy}
        onReopen={(action) => run(reopen(action))}
      />
    </section>
  );
}
