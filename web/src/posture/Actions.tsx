import { useState } from 'react';
import type { Action } from '../api/posture';
import { visible } from '../domain/names';
import { exact } from '../domain/units';
import type { Update } from '../shell/use-url-state';
import { points, TITLES, targetOf } from './model';

const SHOWN = 8;

interface Props {
  actions: readonly Action[];
  total: number;
  clusters: boolean;
  update: Update;
}

/** What to do next, by the points that it gives. */
export function Actions({ actions, total, clusters, update }: Props) {
  const [all, setAll] = useState(false);
  const shown = all ? actions : actions.slice(0, SHOWN);
  return (
    <section className="posture-card" aria-labelledby="posture-actions">
      <h2 id="posture-actions">
        Recommended actions <span className="count">{exact(total)}</span>
      </h2>
      {!actions.length && <p className="t2 posture-none">Nothing is left to do here.</p>}
      <ul className="posture-actions">
        {shown.map((action) => {
          const { to, patch, label } = targetOf(action);
          const title = TITLES[action.component];
          return (
            <li
              key={`${action.component} ${action.cluster} ${action.namespace} ${action.certain}`}
              data-testid="posture-action"
            >
              <span className="action-gain num" data-certain={action.certain}>
                {action.certain ? '' : '≤ '}
                {action.gain < 0.1 ? '' : '+'}
                {points(action.gain)}
                <span className="visually-hidden"> points</span>
              </span>
              <span className="action-text">
                <strong>
                  {title}
                  {clusters && <span className="t3"> in {visible(action.cluster)}</span>}
                </strong>
                <span className="t2" title={action.workloads.map(visible).join(', ')}>
                  {visible(action.text)}
                </span>
              </span>
              <button
                type="button"
                className="button small"
                onClick={() => update(patch, { to })}
                aria-label={`${label}: ${title} of ${visible(action.namespace ?? action.cluster)}`}
              >
                {label}
              </button>
            </li>
          );
        })}
      </ul>
      {actions.length > SHOWN && (
        <button type="button" className="button quiet" onClick={() => setAll(!all)} aria-expanded={all}>
          {all ? 'Show fewer' : `Show all ${exact(actions.length)}`}
        </button>
      )}
    </section>
  );
}
