import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { AlertRaisedDocument, AlertsDocument, readAlert } from '../api/alerts';
import { useApi } from '../api/context';
import type { ApiProblem } from '../api/errors';
import { useAsk } from '../api/use-ask';
import { type Alert, mergeAlerts } from '../domain/alert';
import type { AlertsQuery } from '../gql/graphql';

interface Alerts {
  /** Newest first; `null` until the history has answered. */
  all: Alert[] | null;
  open: Alert[];
  problem: ApiProblem | null;
  retry: () => void;
  /** Where those behind them begin; null where there are none. */
  next: string | null;
  /** Ids that arrived while this page was open, for the entrance of their rows. */
  arrived: ReadonlySet<string>;
  gap: number;
  /** Shows what became of an alert before the next answer says so. */
  put: (alert: Alert) => void;
}

const Context = createContext<Alerts | null>(null);
/** What is known anyhow: the newest of the last seven days. */
export const HISTORY = {
  range: { from: 'now-7d', to: 'now' },
  clusters: null,
  filter: null,
  first: 200,
  after: null,
};
const NO_ALERTS: Alert[] = [];

/** History by query, news by subscription. A reconnect resumes after the last cursor, so none is missed. */
export function AlertsProvider({ children }: { children: ReactNode }) {
  const { live } = useApi();
  const history = useAsk(AlertsDocument, HISTORY);
  const [news, setNews] = useState<Alert[]>([]);
  const [triaged, setTriaged] = useState<Alert[]>([]);
  const [gap, setGap] = useState(0);
  const cursor = useRef<string | null>(null);

  useEffect(
    () =>
      live.follow(
        AlertRaisedDocument,
        () => ({ clusters: null, after: cursor.current }),
        ({ alertRaised }) => {
          cursor.current = alertRaised.cursor;
          if (alertRaised.gap > 0) setGap((before) => before + alertRaised.gap);
          if (alertRaised.alert) {
            const alert = readAlert(alertRaised.alert);
            setNews((before) => mergeAlerts(before, [alert]));
          }
        },
      ),
    [live],
  );

  const put = useCallback((alert: Alert) => setTriaged((before) => mergeAlerts(before, [alert])), []);
  const value = useMemo<Alerts>(() => {
    const past = history.data?.alerts.edges.map(({ node }) => readAlert(node)) ?? null;
    const all = past || news.length ? mergeAlerts(past ?? NO_ALERTS, [...news, ...triaged]) : null;
    return {
      all,
      open: all?.filter((alert) => alert.status === 'OPEN') ?? NO_ALERTS,
      problem: history.problem,
      retry: history.retry,
      next: nextOf(history.data),
      arrived: new Set(news.map((alert) => alert.id)),
      gap,
      put,
    };
  }, [history.data, history.problem, history.retry, news, triaged, gap, put]);

  return <Context value={value}>{children}</Context>;
}

/** Where the page behind an answer begins. */
export function nextOf(data: AlertsQuery | null): string | null {
  const page = data?.alerts.pageInfo;
  return page?.hasNextPage ? (page.endCursor ?? null) : null;
}

export function useAlerts(): Alerts {
  const alerts = useContext(Context);
  if (!alerts) throw new Error('useAlerts needs an AlertsProvider above it.');
  return alerts;
}
