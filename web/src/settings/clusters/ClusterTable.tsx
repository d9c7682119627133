import { useMemo } from 'react';
import { type Column, KeptTable } from '../../alerts/kept/KeptTable';
import type { KnownCluster } from '../../api/clusters';
import { STATES, type State } from '../../domain/cluster';
import { exact } from '../../domain/units';
import { Swatch } from '../../shell/Swatch';
import { isRenamed, lagWords, rateWords, seenWords } from './words';

interface Props {
  clusters: readonly KnownCluster[];
  chosen: string | null;
  now: number;
  onChoose: (cluster: KnownCluster) => void;
}

const t2 = () => 't2';
const TONES: Record<State, string> = { RECEIVING: '', LATE: 'warn-ink', SILENT: 'warn-ink', NEVER: 't2' };

function columnsOf(now: number): Column<KnownCluster>[] {
  return [
    {
      head: 'State',
      tone: ({ state }) => TONES[state],
      cell: ({ state }) => (
        <span className="cluster-state">
          <span className="health-dot" data-state={state} aria-hidden />
          {STATES[state]}
        </span>
      ),
    },
    {
      head: 'Name',
      className: 'wide-only',
      tone: () => 't2 mono',
      cell: (cluster) => (isRenamed(cluster) ? cluster.name : ''),
    },
    { head: 'Last seen', cell: ({ lastSeen }) => seenWords(lastSeen, now) },
    { head: 'Lag', className: 'num', cell: ({ lag }) => lagWords(lag) },
    { head: 'Rate', className: 'num', cell: ({ rate }) => rateWords(rate) },
    { head: 'Records', className: 'num', cell: ({ records }) => exact(records) },
    {
      head: 'Rejected',
      className: 'num',
      tone: ({ rejected }) => (rejected === '0' ? 't2' : 'warn-ink'),
      cell: ({ rejected }) => exact(rejected),
    },
    { head: 'Registered', tone: t2, cell: ({ registered }) => (registered ? 'yes' : 'no') },
  ];
}

/** A cluster a row: its colour and title, and how its logs stand. */
export function ClusterTable({ clusters, now, ...rest }: Props) {
  const columns = useMemo(() => columnsOf(now), [now]);
  return (
    <KeptTable
      one="cluster"
      label="Clusters"
      head="Cluster"
      rows={clusters}
      columns={columns}
      mark={({ colour }) => <Swatch colour={colour} />}
      {...rest}
    />
  );
}
