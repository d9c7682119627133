import { useEffect, useMemo, useRef } from 'react';
import { AlertsDocument, readAlert } from '../api/alerts';
import type { ApiProblem } from '../api/errors';
import { useAsk } from '../api/use-ask';
import type { Alert } from '../domain/alert';
import type { AskedRange } from '../domain/time';
import { allOf } from '../kql/build';
import { HISTORY, nextOf, useAlerts } from './AlertsProvider';
import type { Tab } from './AlertsTabs';
import { useOlder } from './use-older';

interface Asked {
  filter: string;
  cluster: string | null;
  /** With the matrix, whose counts are of it; null is the last seven days. */
  range: AskedRange | null;
  /** The matrix counts those of one status, and so does its list. */
  status: Tab;
}

interface Listed {
  /** Newest first; null until they are known. */
  all: readonly Alert[] | null;
  problem: ApiProblem | null;
  retry: () => void;
  /** Reads older ones; null where all are listed. */
  more: (() => void) | null;
  fetching: boolean;
}

const FIRST = 200;
const WEEK = { from: 'now-7d', to: 'now' };
/** However many alerts come, the list is asked for no more often. */
const PACE = 2000;

/** The alerts of a filter, cluster and range, else those of the last seven days that are known anyhow. */
export function useListed({ filter, cluster, range, status }: Asked): Listed {
  const known = useAlerts();
  const own = range !== null || filter !== '' || cluster !== null;
  const { from, to } = range ?? WEEK;
  const within = range && status ? `status : ${status.toLowerCase()}` : null;
  const asked = useMemo(
    () =>
      own
        ? {
            range: { from, to },
            clusters: cluster ? [cluster] : null,
            filter: allOf([filter, within]),
            first: FIRST,
            after: null,
          }
        : null,
    [own, filter, cluster, within, from, to],
  );
  const { data, current, problem, retry } = useAsk(AlertsDocument, asked);
  useAgain(known.arrived.size, retry);
  const found = useMemo(() => {
    if (!data || !current) return null;
    return data.alerts.edges.map(({ node }) => readAlert(node));
  }, [data, current]);
  const newest = asked ? found : known.all;
  const next = asked ? (current ? nextOf(data) : null) : known.next;
  const paged = useOlder(asked ?? HISTORY, newest, next);
  const first = asked ? { problem, retry } : known;
  const all = useMemo(() => {
    const latest = new Map(known.all?.map((alert) => [alert.id, alert]));
    return paged.all?.map((alert) => latest.get(alert.id) ?? alert) ?? null;
  }, [paged.all, known.all]);
  return { ...paged, all, problem: first.problem ?? paged.problem, retry: first.retry };
}

/** Again once more has arrived, at most every two seconds. */
function useAgain(arrived: number, retry: () => void): void {
  const seen = useRef(arrived);
  const due = useRef<ReturnType<typeof setTimeout> | null>(null);
  const latest = useRef(retry);
  latest.current = retry;
  useEffect(() => {
    if (arrived === seen.current) return;
    seen.current = arrived;
    due.current ??= setTimeout(() => {
      due.current = null;
      latest.current();
    }, PACE);
  }, [arrived]);
  useEffect(() => () => clearTimeout(due.current ?? undefined), []);
}
