import { useCallback } from 'react';
import type { CombinedError } from 'urql';
import { useApi } from '../api/context';
import { DeleteDashboardDocument, SaveDashboardDocument, type SavedDashboard } from '../api/dashboards';
import { readProblem } from '../api/errors';
import type { DashboardDocument } from './document';

export interface Saving {
  dashboard: SavedDashboard | null;
  /** Why nothing was changed: sentences, each of which says where. */
  problems: string[];
  conflict: boolean;
}

/** Saves and deletes dashboards. Without an id a document becomes a new one: a copy, or an import. */
export function useSaved() {
  const { client } = useApi();
  const save = useCallback(
    async (
      document: unknown,
      over: { id: string; version: number } | null,
      shared: boolean | null = null,
    ): Promise<Saving> => {
      const variables = { document, id: over?.id ?? null, version: over?.version ?? null, shared };
      const { data, error } = await client.mutation(SaveDashboardDocument, variables).toPromise();
      if (error || !data) return failed(error);
      const { dashboard, problems } = data.saveDashboard;
      return {
        dashboard: dashboard ?? null,
        problems: problems.map(({ message }) => message),
        conflict: problems.some(({ code }) => code === 'CONFLICT'),
      };
    },
    [client],
  );
  const remove = useCallback(
    async (id: string, version: number): Promise<Saving> => {
      const { data, error } = await client.mutation(DeleteDashboardDocument, { id, version }).toPromise();
      if (error || !data) return failed(error);
      const { problems } = data.deleteDashboard;
      return { dashboard: null, problems: problems.map(({ message }) => message), conflict: false };
    },
    [client],
  );
  return { save, remove };
}

const failed = (error: CombinedError | undefined): Saving => ({
  dashboard: null,
  problems: [error ? readProblem(error).message : 'The API gave no answer.'],
  conflict: false,
});

/** A new title for what is made from another: within the longest that a document may have. */
export const copyOf = (document: DashboardDocument): DashboardDocument => ({
  ...document,
  title: `Copy of ${document.title}`.slice(0, 120),
});
