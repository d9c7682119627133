import './clusters.css';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { KeptPage } from '../../alerts/kept/KeptPage';
import { useKeptOpen } from '../../alerts/kept/use-kept-open';
import { KnownClustersDocument } from '../../api/clusters';
import { useAsk } from '../../api/use-ask';
import { plural } from '../../domain/units';
import { useNow } from '../../shell/use-now';
import { ClusterPane } from './ClusterPane';
import { ClusterTable } from './ClusterTable';

const NONE = {};
const EVERY = 10_000;

/** Which clusters there are, whether their logs arrive, and what people call them. */
export function ClustersPage() {
  const { data, problem, retry } = useAsk(KnownClustersDocument, NONE, EVERY);
  const now = useNow(5000);
  const { opened, adding, add, open } = useKeptOpen();
  const [said, setSaid] = useState('');
  const all = data?.clusters;
  const chosen = all?.find((cluster) => cluster.id === opened) ?? null;
  const editable = data?.mayRegisterClusters;
  return (
    <KeptPage
      many="clusters"
      back={null}
      problem={problem}
      waiting={!all}
      retry={retry}
      said={said || (all ? plural(all.length, 'cluster') : '')}
      problems={[]}
      onRead={() => undefined}
      action={
        editable && (
          <button type="button" className="button primary" onClick={add} data-testid="add-cluster">
            <IconPlus size={15} stroke={1.75} aria-hidden />
            Register a cluster
          </button>
        )
      }
      pane={
        (adding || chosen) && (
          <ClusterPane
            key={chosen?.id ?? 'new'}
            cluster={chosen}
            now={now}
            onChanged={(id, sentence) => {
              open(id);
              setSaid(sentence);
              retry();
            }}
            onClose={() => open(null)}
          />
        )
      }
    >
      {all && all.length > 0 && (
        <ClusterTable
          clusters={all}
          chosen={chosen?.id ?? null}
          now={now}
          onChoose={(cluster) => open(cluster.id === opened ? null : cluster.id)}
        />
      )}
      {all?.length === 0 && (
        <div className="notice">
          <p className="notice-title">No cluster has sent logs yet.</p>
          <p>
            A cluster is listed once its first line arrives.{editable && ' It can be registered before that.'}
          </p>
        </div>
      )}
    </KeptPage>
  );
}
