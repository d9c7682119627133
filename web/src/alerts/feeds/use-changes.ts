import { useMemo } from 'react';
import { change } from '../../api/changes';
import { useApi } from '../../api/context';
import {
  DeleteFeedDocument,
  type Feed,
  RefreshFeedDocument,
  SaveFeedDocument,
  UploadFeedDocument,
} from '../../api/feeds';
import { plural } from '../../domain/units';

/** Changes of feeds; saving gives the feed's id, the others a sentence. */
export function useChanges() {
  const { client } = useApi();
  return useMemo(
    () => ({
      save: (document: unknown, over: Feed | null) =>
        change(
          client,
          SaveFeedDocument,
          { document, id: over?.id ?? null, version: over?.version ?? null },
          ({ saveFeed }) => saveFeed.feed?.id ?? '',
        ),
      remove: ({ id, version }: Feed) =>
        change(client, DeleteFeedDocument, { id, version }, () => 'Deleted.'),
      refresh: ({ id }: Feed) =>
        change(client, RefreshFeedDocument, { id }, () => 'It is fetched within seconds.'),
      upload: ({ id }: Feed, content: string) =>
        change(client, UploadFeedDocument, { id, content }, ({ uploadFeed: { feed } }) => {
          const { networks = 0, domains = 0, leftOut = 0 } = feed ?? {};
          const left = leftOut ? `, ${plural(leftOut, 'entry', 'entries')} left out` : '';
          return `${plural(networks + domains, 'indicator')} in force${left}.`;
        }),
    }),
    [client],
  );
}
