import { IconTrash } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { ConfirmDelete } from '../../alerts/kept/ConfirmDelete';
import { KeptPane } from '../../alerts/kept/KeptPane';
import type { Told } from '../../api/changes';
import type { KnownCluster } from '../../api/clusters';
import { Problems } from '../../dashboards/Problems';
import { plural } from '../../domain/units';
import { ClusterFields } from './ClusterFields';
import { ClusterHealthList } from './ClusterHealthList';
import { ClusterStanding } from './ClusterStanding';
import { draftOf, EMPTY, placed } from './draft';
import { useChanges } from './use-changes';

interface Props {
  /** Null for one that is to be registered by its name. */
  cluster: KnownCluster | null;
  now: number;
  /** With the id of what was changed; null where it may be gone. */
  onChanged: (id: string | null, said: string) => void;
  onClose: () => void;
}

/** One cluster: how its logs stand, and how it is registered. */
export function ClusterPane({ cluster, now, onChanged, onClose }: Props) {
  const changes = useChanges();
  const [whole, setWhole] = useState(() => (cluster ? draftOf(cluster) : EMPTY));
  const [draft, setDraft] = useState(whole);
  // The version that the draft was read from: over what somebody else saved meanwhile it is refused.
  const [version, setVersion] = useState(cluster?.version);
  if (cluster && cluster.version !== version && draft === whole) {
    const read = draftOf(cluster);
    setVersion(cluster.version);
    setWhole(read);
    setDraft(read);
  }
  const [told, setTold] = useState<readonly Told[]>([]);
  const [busy, setBusy] = useState(false);
  const [removing, setRemoving] = useState(false);
  const { at, rest } = placed(told);
  const fixed = cluster?.editable === false;
  const save = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    const { done, told: wrong } = await changes.save(
      draft,
      cluster && { ...cluster, version: version ?? cluster.version },
    );
    setBusy(false);
    setTold(wrong);
    if (!done) return;
    setWhole(draft);
    onChanged(done, cluster?.registered ? 'Saved.' : 'Registered.');
  };
  return (
    <KeptPane one="cluster" title={cluster?.title ?? null} onClose={onClose}>
      {cluster && <ClusterStanding cluster={cluster} now={now} />}
      {cluster && cluster.kinds.length > 0 && <ClusterHealthList id={cluster.id} />}
      {fixed && (
        <p className="t2" data-testid="cluster-fixed">
          Clusters are registered by tokens without limits to clusters or namespaces.
        </p>
      )}
      <form className="kept-form" onSubmit={save}>
        <ClusterFields draft={draft} fresh={!cluster} disabled={fixed} at={at} onChange={setDraft} />
        <Problems problems={rest} />
        {!fixed && (
          <div className="ask-buttons">
            {cluster?.registered && (
              <button
                type="button"
                className="button"
                onClick={() => setRemoving(true)}
                data-testid="cluster-remove"
              >
                <IconTrash size={14} stroke={1.75} aria-hidden />
                Remove
              </button>
            )}
            <button
              type="submit"
              className="button primary"
              disabled={busy || (cluster?.registered === true && draft === whole)}
              data-testid="cluster-save"
            >
              {cluster?.registered ? 'Save' : 'Register'}
            </button>
          </div>
        )}
      </form>
      {removing && cluster && (
        <ConfirmDelete
          title={cluster.title}
          remove={async () => {
            const told = await changes.remove(cluster);
            if (told.done) onChanged(null, told.done);
            return told;
          }}
          onDeleted={() => setRemoving(false)}
          onClose={() => setRemoving(false)}
          verb="Remove"
          testId="cluster-confirm-remove"
        >
          Its title, its colour and its description go.{' '}
          {cluster.records === '0'
            ? 'It has no records, so that it is listed no more.'
            : `Its ${plural(Number(cluster.records), 'record')} stay, and it is listed as ${cluster.name}.`}
        </ConfirmDelete>
      )}
    </KeptPane>
  );
}
