import { useMemo } from 'react';
import { change } from '../../api/changes';
import { DeleteClusterDocument, type KnownCluster, SaveClusterDocument } from '../../api/clusters';
import { useApi } from '../../api/context';
import { plural } from '../../domain/units';
import { type Draft, documentOf } from './draft';

/** Changes of registrations; saving gives the cluster's id, removing a sentence. */
export function useChanges() {
  const { client } = useApi();
  return useMemo(
    () => ({
      save: (draft: Draft, over: KnownCluster | null) =>
        change(
          client,
          SaveClusterDocument,
          {
            id: over?.id ?? draft.name.trim(),
            document: documentOf(draft),
            version: over?.version || null,
          },
          ({ saveCluster }) => saveCluster.cluster?.id ?? '',
        ),
      remove: ({ id, version }: KnownCluster) =>
        change(client, DeleteClusterDocument, { id, version }, ({ deleteCluster: { cluster } }) => {
          const records = Number(cluster?.records ?? 0);
          return records > 0 ? `Removed; its ${plural(records, 'record')} stay.` : 'Removed.';
        }),
    }),
    [client],
  );
}
