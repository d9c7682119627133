import { Link } from '@tanstack/react-router';
import type { KnownCluster } from '../../api/clusters';
import { STATES } from '../../domain/cluster';
import { KINDS, type LogKind } from '../../domain/log-kinds';
import { exact, plural } from '../../domain/units';
import { DEFAULTS, encode } from '../../domain/url-state';
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
        {cluster.rejected !== '0' && (
          <>
            <dt>Rejected</dt>
            <dd>
              <Link
                to="/settings/rejected"
                search={encode({ ...DEFAULTS, from: 'now-30d', cluster: cluster.id })}
                data-testid="to-rejected"
              >
                {plural(Number(cluster.rejected), 'line')} that could not be read
              </Link>
            </dd>
          </>
        )}
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
