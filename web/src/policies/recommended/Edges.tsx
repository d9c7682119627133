import type { Lost, Recommendation, Unlearnt } from '../../api/recommendation';
import { plainName, visible } from '../../domain/names';
import { exact } from '../../domain/units';
import { FlowActions, type OnFlows } from './FlowActions';
import { edgeFlows } from './flows';
import { deciderOf, seen, WHY } from './model';

const ACTIONS = 'What can be done';

/** What the policies would have denied of the flows that were held out. */
export function Denied({ lost, onFlows }: { lost: readonly Lost[]; onFlows: OnFlows }) {
  if (!lost.length)
    return (
      <p className="recommend-none">No allowed and wanted connection that was held out would be denied.</p>
    );
  return (
    <Table
      label="Connections that would be denied"
      heads={['Source', 'Destination', 'Conns', 'Seen', 'Denied by', ACTIONS]}
      testId="lost"
      rows={lost.map((edge) => [
        end(edge.source),
        <Target key="target" edge={edge} />,
        exact(edge.connections),
        <span key="seen" className="t2 num">
          {seen(edge.firstSeen, edge.lastSeen)}
        </span>,
        <span key="by" title={edge.decidedBy}>
          {deciderOf(edge.decidedBy)}
        </span>,
        <FlowActions key="actions" flows={edgeFlows(edge)} small onFlows={onFlows} />,
      ])}
    />
  );
}

/** What was allowed and not learnt, and the workloads that get no policy. */
export function LeftOut({ told }: { told: Recommendation }) {
  const { unlearnt, idle } = told;
  return (
    <>
      {unlearnt.length > 0 ? (
        <Table
          label="Connections that were not learnt from"
          heads={['Source', 'Destination', 'Conns', 'Why']}
          testId="unlearnt"
          rows={unlearnt.map((edge) => [
            end(edge.source),
            <Target key="target" edge={edge} />,
            exact(edge.connections),
            WHY[edge.why],
          ])}
        />
      ) : (
        <p className="recommend-none">All that was allowed was learnt from.</p>
      )}
      {idle.length > 0 && (
        <section className="recommend-idle" aria-label="Workloads without a policy">
          <h3>
            No policy <span className="count">{idle.length}</span>
          </h3>
          <p className="t2">Nothing was learnt of these workloads: a policy would deny all that they do.</p>
          <p className="recommend-names">
            {idle.map((name) => (
              <span key={name} className="chip mono" data-testid="idle">
                {visible(name)}
              </span>
            ))}
          </p>
        </section>
      )}
    </>
  );
}

const end = (name: string | null | undefined) => (
  <span className="mono" title={visible(name ?? '')}>
    {name ? plainName(name) : 'not known'}
  </span>
);

const Target = ({ edge: { target, port, protocol } }: { edge: Lost | Unlearnt }) => (
  <>
    {end(target)}
    <span className="mono t3">
      {port !== null && port !== undefined && `:${port}`}
      {protocol && protocol !== 'tcp' && `/${visible(protocol)}`}
    </span>
  </>
);

interface TableProps {
  label: string;
  heads: readonly string[];
  rows: React.ReactNode[][];
  testId: string;
}

function Table({ label, heads, rows, testId }: TableProps) {
  return (
    <table className="table recommend-table" aria-label={label}>
      <thead>
        <tr>
          {heads.map((head) => (
            <th key={head} scope="col" className={head === 'Conns' ? 'right' : undefined}>
              {head === ACTIONS ? <span className="visually-hidden">{head}</span> : head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((cells, row) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows have no name of their own, and are not reordered
          <tr key={row} data-testid={testId}>
            {cells.map((cell, at) => (
              <td key={heads[at]} className={heads[at] === 'Conns' ? 'right figure num' : undefined}>
                {cell}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
