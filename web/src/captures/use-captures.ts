import { useCallback } from 'react';
import {
  CaptureSummariesDocument,
  DeleteCaptureSummaryDocument,
  PacketCapturesDocument,
  RemovePacketCaptureDocument,
  type RunningCapture,
  type SummaryRow,
} from '../api/captures';
import { useApi } from '../api/context';
import { readProblem } from '../api/errors';
import { useAsk } from '../api/use-ask';

const EVERY = 10_000;

export interface Captures {
  running: readonly RunningCapture[];
  summaries: readonly SummaryRow[];
  /** Whether both lists have been answered. */
  known: boolean;
  problems: readonly string[];
  refresh: () => void;
  /** Why it was not done; null where it was. */
  remove: (capture: RunningCapture) => Promise<string | null>;
  forget: (summary: SummaryRow) => Promise<string | null>;
}

/** What runs in clusters, and what was made of files. States change by themselves, so they are asked again. */
export function useCaptures(clusters: string[] | null): Captures {
  const { client } = useApi();
  const running = useAsk(PacketCapturesDocument, { clusters }, EVERY);
  const summaries = useAsk(CaptureSummariesDocument, { clusters });
  const { retry } = running;
  const again = summaries.retry;
  const remove = useCallback(
    async ({ id }: RunningCapture) => {
      const { data, error } = await client.mutation(RemovePacketCaptureDocument, { id }).toPromise();
      retry();
      return error ? readProblem(error).message : (data?.removePacketCapture.problems[0]?.message ?? null);
    },
    [client, retry],
  );
  const forget = useCallback(
    async ({ id }: SummaryRow) => {
      const { data, error } = await client.mutation(DeleteCaptureSummaryDocument, { id }).toPromise();
      again();
      return error ? readProblem(error).message : (data?.deleteCaptureSummary.problems[0]?.message ?? null);
    },
    [client, again],
  );
  const refresh = useCallback(() => {
    retry();
    again();
  }, [retry, again]);
  const told = running.data?.packetCaptures;
  return {
    running: told?.captures ?? [],
    summaries: summaries.data?.captureSummaries ?? [],
    known: running.data !== null && summaries.data !== null,
    problems: [
      ...(told?.problems.map(({ message }) => message) ?? []),
      ...[running.problem?.message, summaries.problem?.message].filter((each) => each !== undefined),
    ],
    refresh,
    remove,
    forget,
  };
}
