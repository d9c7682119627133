import { useMemo } from 'react';
import { GroupedDocument } from '../../api/grouped';
import { useAsk } from '../../api/use-ask';
import { behind, type GraphNode } from '../../domain/graph';
import { visible } from '../../domain/names';
import { type AskedRange, isLive } from '../../domain/time';
import { exact, micros, plural } from '../../domain/units';
import { lookups } from '../../kql/build';
import { Section } from './Section';

const METRICS = [
  { op: 'SUM', field: 'count' },
  { op: 'AVG', field: 'latency_mean' },
  { op: 'MAX', field: 'latency_max' },
] as const;
const NANOSECONDS = 1000;
const LIVE = 15_000;
/** A name that is not there is an answer; whatever else is no answer was failed. */
const WORDS: Record<string, string> = { NoError: 'Answered', NXDomain: 'No such name', ServFail: 'Failed' };

interface Props {
  source: GraphNode;
  target: GraphNode;
  range: AskedRange;
}

/** What the source asked the target as its DNS server, by answer: how often, and how long it took. */
export function Dns({ source, target, range }: Props) {
  const { from, to } = range;
  const filter = lookups(workloads(source), workloads(target));
  const { cluster } = source;
  const variables = useMemo(
    () =>
      filter === null
        ? null
        : {
            ...{ kind: 'DNS' as const, range: { from, to }, clusters: [cluster], filter },
            ...{ groupBy: ['rcode'], metrics: [...METRICS], limit: 8, reporters: 'EACH' as const },
          },
    [from, to, cluster, filter],
  );
  const { data, current } = useAsk(GroupedDocument, variables, isLive(range) ? LIVE : 0);
  const rows = data && current ? data.aggregate.rows : [];
  const count = (row: (typeof rows)[number]) => Number(row.values[0] ?? 0);
  const asked = rows.reduce((sum, row) => sum + count(row), 0);
  return (
    <Section title="DNS" testid="panel-dns" note={asked ? plural(asked, 'lookup') : undefined}>
      {data && current && asked === 0 && (
        <p className="t3 section-note">No DNS log tells of lookups between them.</p>
      )}
      <dl className="tcp-facts">
        {rows.map((row) => {
          const code = row.keys[0] ?? 'no answer';
          const fine = code === 'NoError' || code === 'NXDomain';
          const [, mean, most] = row.values;
          return (
            <div key={code} data-rcode={code}>
              <dt title={visible(code)}>{WORDS[code] ?? visible(code)}</dt>
              <dd className={fine ? undefined : 'deny-ink'}>{exact(count(row))}</dd>
              <dd className="t3">
                {mean === null || mean === undefined ? '' : `${micros(Number(mean) / NANOSECONDS)} mean`}
                {most === null || most === undefined ? '' : `, at most ${micros(Number(most) / NANOSECONDS)}`}
              </dd>
            </div>
          );
        })}
      </dl>
    </Section>
  );
}

const workloads = (node: GraphNode): GraphNode[] => (node.kind === 'SERVICE' ? behind(node) : [node]);
