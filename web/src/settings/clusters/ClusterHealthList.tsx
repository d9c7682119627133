import { useMemo } from 'react';
import { ClusterHealthDocument } from '../../api/clusters';
import { useAsk } from '../../api/use-ask';
import { isLive } from '../../domain/time';
import { useUrlState } from '../../shell/use-url-state';
import { linesOf } from './health';

const EVERY = 60_000;

/** What runs, talks and answers in a cluster, over the page's range. */
export function ClusterHealthList({ id }: { id: string }) {
  const [{ from, to }] = useUrlState();
  const asked = useMemo(() => ({ range: { from, to }, clusters: [id] }), [from, to, id]);
  const { data, current, problem, retry } = useAsk(
    ClusterHealthDocument,
    asked,
    isLive(asked.range) ? EVERY : 0,
  );
  return (
    <section aria-label="Health in the range" data-testid="cluster-health">
      <h3 className="cluster-head">Health in the range</h3>
      {problem && (
        <p className="widget-problem" role="alert">
          It did not answer: {problem.message}
          <button type="button" className="button small" onClick={retry}>
            Try again
          </button>
        </p>
      )}
      {!current && !problem && <div className="skeleton cluster-waiting" aria-busy="true" />}
      {current && data && (
        <dl>
          {linesOf(data.clusterHealth).map(({ head, text, known }) => (
            <div key={head} className="cluster-line">
              <dt>{head}</dt>
              <dd className={known ? undefined : 't3'}>{text}</dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  );
}
