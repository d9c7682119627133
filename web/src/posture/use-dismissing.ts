import { useMemo } from 'react';
import { change } from '../api/changes';
import { useApi } from '../api/context';
import { type Action, DismissActionDocument, ReopenActionDocument } from '../api/posture';

/** Says that an action needs nothing, or that it does again; each tells what became of it. */
export function useDismissing() {
  const { client } = useApi();
  return useMemo(
    () => ({
      dismiss: ({ id, subjects }: Action, note: string, until: string | null) =>
        change(
          client,
          DismissActionDocument,
          { id, note, until, subjects },
          () => 'Dismissed; the score stays.',
        ),
      reopen: ({ id }: Action) => change(client, ReopenActionDocument, { id }, () => 'Brought back.'),
    }),
    [client],
  );
}
