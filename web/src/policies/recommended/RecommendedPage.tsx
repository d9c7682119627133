import '../whatif/whatif.css';
import '../whatif/result/result.css';
import './recommended.css';
import { useMemo, useState } from 'react';
import { RecommendPoliciesDocument } from '../../api/recommendation';
import { useAsk } from '../../api/use-ask';
import { useUrlState } from '../../shell/use-url-state';
import { Failed, NoClusters, Waiting } from '../whatif/States';
import { useCluster } from '../whatif/use-objects';
import { Answer } from './Answer';
import { questionOf } from './question';
import { WhichCluster } from './States';
import { TargetBar } from './TargetBar';
import { Unwanted } from './Unwanted';

/** Policies that allow what was seen: for whom at the top, each with its proof below, and as YAML beside. */
export function RecommendedPage() {
  const [state, update] = useUrlState();
  const { clusters, cluster, problem, retry } = useCluster(state.cluster);
  if (problem && !clusters) return <Failed what="The list of clusters" problem={problem} onRetry={retry} />;
  if (clusters && !clusters.length) return <NoClusters />;
  if (clusters && !cluster) return <WhichCluster names={clusters} onPick={(id) => update({ cluster: id })} />;
  return cluster ? <Recommending key={cluster} cluster={cluster} /> : <Waiting />;
}

function Recommending({ cluster }: { cluster: string }) {
  const [state, update] = useUrlState();
  const [round, setRound] = useState(0);
  const { from, to, namespaces, selector, style, learn, unwanted, alerted } = state;
  // A range that follows now is taken as of this moment, and again when it is asked for.
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new round is of a later moment
  const question = useMemo(
    () =>
      questionOf({ from, to, namespaces, selector, style, learn, unwanted, alerted }, cluster, Date.now()),
    [from, to, namespaces, selector, style, learn, unwanted, alerted, cluster, round],
  );
  const asked = useAsk(RecommendPoliciesDocument, question);
  const told = asked.data?.recommendPolicies ?? null;
  const filter = told?.problems.find(
    ({ code, path }) => code === 'BAD_QUERY' || path?.startsWith('unwanted'),
  );
  return (
    <div className="recommend">
      <TargetBar
        state={state}
        range={question && state}
        fetching={asked.fetching}
        update={update}
        onAgain={() => setRound((was) => was + 1)}
      />
      <Unwanted
        unwanted={unwanted}
        alerted={alerted}
        range={state}
        cluster={cluster}
        problem={filter?.message ?? null}
        onUnwanted={(next) => update({ unwanted: next })}
        onAlerted={(next) => update({ alerted: next })}
      />
      {asked.problem && <Failed what="The recommendation" problem={asked.problem} onRetry={asked.retry} />}
      {told ? (
        <Answer told={told} cluster={cluster} current={asked.current && !asked.fetching} />
      ) : (
        !asked.problem && <Waiting />
      )}
    </div>
  );
}
