import type { Policy } from '../../api/policies';
import { visible } from '../../domain/names';
import { plural } from '../../domain/units';
import { useUrlState } from '../../shell/use-url-state';

/** Whom the policy selects; each leads to its workload in the graph. */
export function Endpoints({ policy }: { policy: Policy }) {
  const [, update] = useUrlState();
  if (policy.selects === null)
    return <p className="t2">No endpoints of the cluster are known: import pods with the policies.</p>;
  const more = policy.selects + (policy.maySelect ?? 0) - policy.endpoints.length;
  return (
    <>
      {!policy.endpoints.length && <p className="t2">It selects no endpoint of the cluster.</p>}
      <ul className="ends">
        {policy.endpoints.map((each) => (
          <li key={`${each.namespace ?? ''}/${each.name}`}>
            <button
              type="button"
              className="link-button cut"
              onClick={() =>
                each.nodeId &&
                update(
                  {
                    level: 'WORKLOAD',
                    selection: { type: 'node', id: each.nodeId },
                    cluster: policy.cluster,
                  },
                  { to: '/' },
                )
              }
            >
              <span className="t3">{each.namespace ? `${visible(each.namespace)}/` : 'host '}</span>
              {visible(each.name)}
            </button>
            {!each.sure && <span className="chip warn">Maybe</span>}
          </li>
        ))}
      </ul>
      {more > 0 && <p className="t3">and {plural(more, 'more endpoint', 'more endpoints')}</p>}
    </>
  );
}
