import type { KnownCluster } from '../../api/clusters';
import { STATES } from '../../domain/cluster';
import { KINDS, type LogKind } from '../../domain/log-kinds';
import { exact } from '../../domain/units';
import { rateWords, seenWords, stoppedKinds } from './words';

/** What is stored of a cluster, kind by kind, and how fresh that is. */
export function ClusterStanding({ cluster, now }: { cluster: KnownCluster; now: number }) {
  const stopped = new Set(stoppedKinds(cluster));
  return (
    <>
      <dl>
        <dt>Name</dt>
        <dd className="mono">{cluster.name}</dd>
        <dt>State</dt>
        <dd>
          {STATES[cluster.state]}, {rateWords(cluster.rate)}
        </dd>
        <dt>Registered</dt>
        <dd>
          {cluster.registered
            ? `${seenWords(cluster.updatedAt, now)}${cluster.updatedBy ? ` by ${cluster.updatedBy}` : ''}`
            : 'no; its logs are taken all the same'}
        </dd>
      </dl>
      {cluster.kinds.length > 0 && (
        <table className="table cluster-kinds" aria-label="Records by kind">
          <thead>
            <tr>
              <th scope="col">Kind</th>
              <th scope="col" className="num">
                Records
              </th>
              <th scope="col">Last seen</th>
            </tr>
          </thead>
          <tbody>
            {cluster.kinds.map(({ kind, records, lastSeen }) => (
              <tr key={kind}>
                <td>{KINDS[kind as LogKind].label}</td>
                <td className="num">{exact(records)}</td>
                <td className={stopped.has(kind) ? 'warn-ink' : 't2'}>{seenWords(lastSeen, now)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}
