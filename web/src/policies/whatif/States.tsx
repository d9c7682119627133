import type { ReactNode } from 'react';
import type { ApiProblem } from '../../api/errors';
import type { SimulationProblem } from '../../api/simulation';
import { visible } from '../../domain/names';

export const Notice = ({
  title,
  testId,
  children,
}: {
  title: string;
  testId: string;
  children?: ReactNode;
}) => (
  <div className="notice" data-testid={testId}>
    <p className="notice-title">{title}</p>
    {children}
  </div>
);

export const NoManifests = ({ cluster }: { cluster: string }) => (
  <Notice title="No policies yet." testId="no-manifests">
    <p>What-if replays flows against the cluster's manifests. Bring them in:</p>
    <code>
      kubectl get ns,sa,pods,networkpolicies -A -o yaml | tapetum policy import --cluster {visible(cluster)} -
    </code>
    <p>
      With Calico also tiers, its policies, staged ones and network sets. The time range's end tells as of
      when they are taken.
    </p>
  </Notice>
);

export const WhichCluster = ({
  names,
  onPick,
}: {
  names: { id: string; name: string }[];
  onPick: (id: string) => void;
}) => (
  <Notice title="A change is tried on one cluster." testId="which-cluster">
    <p>
      {names.map(({ id, name }) => (
        <button key={id} type="button" className="button" onClick={() => onPick(id)}>
          {visible(name)}
        </button>
      ))}
    </p>
  </Notice>
);

export const NoClusters = () => (
  <Notice title="No flows yet." testId="no-clusters">
    <p>Send flow logs first, then the cluster's manifests.</p>
    <code>tapetum ingest flows.log</code>
  </Notice>
);

export const Start = () => (
  <Notice title="What would have become of recorded connections?" testId="whatif-start">
    <p>
      Choose an object on the left, or write a new one. The flows of the time range are replayed against the
      change. The cluster stays as it is.
    </p>
  </Notice>
);

export const Untouched = () => (
  <Notice title="Nothing is changed yet." testId="whatif-untouched">
    <p>The replay runs 400 ms after the last key.</p>
  </Notice>
);

export const NoFlows = () => (
  <Notice title="No flows in this range." testId="whatif-no-flows">
    <p>There is nothing to replay. Take a longer time range, or remove the filter.</p>
  </Notice>
);

export const NothingFlips = () => (
  <Notice title="Nothing flips." testId="whatif-no-flips">
    <p>
      All recorded connections of this range would have been decided as they are. What was not recorded may
      still be decided otherwise.
    </p>
  </Notice>
);

export const NotThere = ({ name }: { name: string }) => (
  <Notice title={`${visible(name)} is not there.`} testId="whatif-not-there">
    <p>The cluster had no such object at the end of this range, or you may not see it.</p>
  </Notice>
);

export const Wrong = ({ problems }: { problems: readonly SimulationProblem[] }) => (
  <Notice title="The change cannot be replayed as it is." testId="whatif-wrong">
    {problems.map(({ message }) => (
      <p key={message}>{message}</p>
    ))}
  </Notice>
);

export const Failed = ({
  what,
  problem,
  onRetry,
}: {
  what: string;
  problem: ApiProblem;
  onRetry: () => void;
}) => (
  <p className="whatif-failed" role="alert" data-testid="whatif-failed">
    {what} did not answer: {problem.message}
    <button type="button" className="button small" onClick={onRetry}>
      Try again
    </button>
  </p>
);

export const Waiting = () => (
  <div className="whatif-waiting" aria-busy="true">
    <span className="visually-hidden">Replaying</span>
    {[88, 74, 81, 62, 70].map((width) => (
      <span key={width} className="skeleton" style={{ height: 12, width: `${width}%` }} />
    ))}
  </div>
);
