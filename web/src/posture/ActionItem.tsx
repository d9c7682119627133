import type { ReactNode } from 'react';
import type { Action } from '../api/posture';
import { visible } from '../domain/names';
import { points, TITLES } from './model';

interface Props {
  action: Action;
  /** Whether actions of more than one cluster are listed. */
  clusters: boolean;
  testId: string;
  /** What can be done, and what opens below. */
  children: ReactNode;
  below?: ReactNode;
}

/** What an action is about, by a few words for who does not see it. */
export const about = (action: Action): string =>
  `${TITLES[action.component]} of ${visible(action.namespace ?? action.cluster)}`;

/** One action: the points that it gives, what is the matter, and what can be done. */
export function ActionItem({ action, clusters, testId, children, below }: Props) {
  return (
    <li data-testid={testId}>
      <span className="action-gain num" data-certain={action.certain}>
        {action.certain ? '' : '≤ '}
        {action.gain < 0.1 ? '' : '+'}
        {points(action.gain)}
        <span className="visually-hidden"> points</span>
      </span>
      <span className="action-text">
        <strong>
          {TITLES[action.component]}
          {clusters && <span className="t3"> in {visible(action.cluster)}</span>}
        </strong>
        <span className="t2" title={action.workloads.map(visible).join(', ')}>
          {visible(action.text)}
        </span>
      </span>
      <span className="action-buttons">{children}</span>
      {below}
    </li>
  );
}
