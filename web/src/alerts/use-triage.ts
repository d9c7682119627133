import { useCallback } from 'react';
import { TriageDocument } from '../api/alerts';
import { useApi } from '../api/context';
import { readProblem } from '../api/errors';
import type { Alert } from '../domain/alert';
import { visible } from '../domain/names';
import { useAlerts } from './AlertsProvider';

export type Status = Alert['status'];

/** Says what became of an alert; resolves to why nothing was changed. */
export function useTriage(): (alert: Alert, status: Status, note: string) => Promise<string[]> {
  const { client } = useApi();
  const { put } = useAlerts();
  return useCallback(
    async (alert, status, note) => {
      const { data, error } = await client
        .mutation(TriageDocument, {
          id: alert.id,
          note,
          acknowledge: status === 'ACKNOWLEDGED',
          dismiss: status === 'DISMISSED',
          reopen: status === 'OPEN',
        })
        .toPromise();
      const told = data?.acknowledgeAlert ?? data?.dismissAlert ?? data?.reopenAlert;
      if (error || !told) return [error ? readProblem(error).message : 'The API gave no answer.'];
      if (!told.alert) return told.problems.map(({ message }) => message);
      const { triagedBy, triagedAt } = told.alert;
      put({
        ...alert,
        status: told.alert.status,
        note: visible(told.alert.note),
        triagedBy: triagedBy ? visible(triagedBy) : null,
        triagedAt: triagedAt ? Date.parse(triagedAt) : null,
      });
      return [];
    },
    [client, put],
  );
}
