import { Menu } from '@mantine/core';
import { IconCheck, IconSelector, IconServer } from '@tabler/icons-react';
import { ClustersDocument } from '../api/catalog';
import { useAsk } from '../api/use-ask';
import { STATES } from '../domain/cluster';
import { visible } from '../domain/names';
import { exact, short } from '../domain/units';
import { Swatch } from './Swatch';
import { useUrlParts } from './use-url-state';

const NONE = {};

export function ClusterSwitcher() {
  const [state, update] = useUrlParts('cluster');
  const { data } = useAsk(ClustersDocument, NONE, 60_000);
  const clusters = data?.clusters ?? [];
  const chosen =
    clusters.find(({ id, name }) => id === state.cluster || name === state.cluster) ??
    (clusters.length === 1 ? clusters[0] : null);
  const pick = (id: string | null) => update({ cluster: id, selection: null, open: [], namespaces: [] });
  return (
    <Menu position="bottom-start" width={280} transitionProps={{ duration: 120 }}>
      <Menu.Target>
        <button type="button" className="button" data-testid="cluster-switcher">
          {chosen?.colour ? (
            <Swatch colour={chosen.colour} />
          ) : (
            <IconServer size={15} stroke={1.75} aria-hidden />
          )}
          <span className="visually-hidden">Cluster</span>
          <span className="strong cut cluster-chosen">{chosen ? visible(chosen.title) : 'All clusters'}</span>
          {chosen && <span className="health-dot" data-state={chosen.state} aria-hidden />}
          {chosen && <span className="visually-hidden">{STATES[chosen.state]}</span>}
          {chosen && <span className="note wide-only">{short(Number(chosen.records))} records</span>}
          <IconSelector size={14} stroke={1.75} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          rightSection={state.cluster ? null : <IconCheck size={14} aria-label="chosen" />}
          onClick={() => pick(null)}
        >
          All clusters
        </Menu.Item>
        {clusters.length > 0 && <Menu.Divider />}
        {clusters.map((cluster) => (
          <Menu.Item
            key={cluster.id}
            rightSection={
              chosen?.id === cluster.id && state.cluster ? <IconCheck size={14} aria-label="chosen" /> : null
            }
            onClick={() => pick(cluster.id)}
          >
            <div className="cluster-choice">
              <Swatch colour={cluster.colour} />
              <span className="cut">{visible(cluster.title)}</span>
            </div>
            <div className="t3 small-text">
              {cluster.title !== cluster.name && `${cluster.name}: `}
              {cluster.state !== 'RECEIVING' && `${STATES[cluster.state].toLowerCase()}, `}
              {exact(cluster.records)} records
              {cluster.rejected !== '0' && `, ${exact(cluster.rejected)} lines rejected`}
            </div>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
