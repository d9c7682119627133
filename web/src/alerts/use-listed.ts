import { useEffect, useMemo } from 'react';
import { AlertsDocument, readAlert } from '../api/alerts';
import type { ApiProblem } from '../api/errors';
import { useAsk } from '../api/use-ask';
import type { Alert } from '../domain/alert';
import type { AskedRange } from '../domain/time';
import { useAlerts } from './AlertsProvider';

interface Listed {
  /** Newest first; null until they are known. */
  all: readonly Alert[] | null;
  problem: ApiProblem | null;
  retry: () => void;
}

const FIRST = 200;
const WEEK = { from: 'now-7d', to: 'now' };

/** The alerts of a filter and a range, else of the last seven days; without either those that are known anyhow. */
export function useListed(filter: string, range: AskedRange | null): Listed {
  const known = useAlerts();
  const own = range !== null || filter !== '';
  const { from, to } = range ?? WEEK;
  const asked = useMemo(
    () =>
      own ? { range: { from, to }, clusters: null, filter: filter || null, first: FIRST, after: null } : null,
    [own, filter, from, to],
  );
  const { data, current, problem, retry } = useAsk(AlertsDocument, asked);
  const arrived = known.arrived.size;
  useEffect(() => {
    if (arrived > 0) retry();
  }, [arrived, retry]);
  const found = useMemo(() => {
    if (!data || !current) return null;
    const byId = new Map(known.all?.map((alert) => [alert.id, alert]));
    return data.alerts.edges.map(({ node }) => byId.get(node.id) ?? readAlert(node));
  }, [data, current, known.all]);
  if (asked) return { all: found, problem, retry };
  return { all: known.all, problem: known.problem, retry: known.retry };
}
