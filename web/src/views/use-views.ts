import { useCallback } from 'react';
import { useApi } from '../api/context';
import { readProblem } from '../api/errors';
import { useAsk } from '../api/use-ask';
import { DeleteViewDocument, type SavedView, SaveViewDocument, ViewsDocument } from '../api/views';
import type { ViewDocument } from './view';

const NONE = {};

export interface Views {
  all: readonly SavedView[] | null;
  problem: string | null;
  /** A new view, or over one that was read, or why it was not saved. `shared` null leaves that as it was. */
  save: (document: ViewDocument, shared: boolean | null, over?: SavedView) => Promise<SavedView | string>;
  /** Why it was not deleted; null where it was. */
  remove: (view: SavedView) => Promise<string | null>;
}

/** The saved views that the reader may see; asked when they are wanted, and again each time that they are anew. */
export function useViews(wanted: boolean): Views {
  const { client } = useApi();
  const { data, problem, retry } = useAsk(ViewsDocument, wanted ? NONE : null);
  const save = useCallback(
    async (document: ViewDocument, shared: boolean | null, over?: SavedView) => {
      const asked = { document, shared, id: over?.id ?? null, version: over?.version ?? null };
      const answer = await client.mutation(SaveViewDocument, asked).toPromise();
      retry();
      if (answer.error) return readProblem(answer.error).message;
      const { view, problems } = answer.data?.saveView ?? {};
      return view ?? problems?.[0]?.message ?? 'It was not saved.';
    },
    [client, retry],
  );
  const remove = useCallback(
    async ({ id, version }: SavedView) => {
      const { data: gone, error } = await client.mutation(DeleteViewDocument, { id, version }).toPromise();
      retry();
      return error ? readProblem(error).message : (gone?.deleteView.problems[0]?.message ?? null);
    },
    [client, retry],
  );
  return { all: data?.views ?? null, problem: problem?.message ?? null, save, remove };
}
