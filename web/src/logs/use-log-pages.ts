import { useCallback, useEffect, useRef, useState } from 'react';
import { useApi } from '../api/context';
import { type ApiProblem, readProblem } from '../api/errors';
import { PAGES } from '../api/log-pages';
import type { LogKind } from '../domain/log-kinds';
import { afterOf, NO_PAGES, PAGE, type Pages, put, trimmed, wanted } from './pages';
import type { Question } from './use-question';

export interface LogPages {
  pages: Pages;
  /** The kind that the rows are of, while those of another are on their way. */
  kind: LogKind | null;
  /** False while the rows still answer an earlier question. */
  current: boolean;
  fetching: boolean;
  problem: ApiProblem | null;
  /** When the first page was answered. */
  answeredAt: number;
  look: (first: number, last: number) => void;
  refresh: () => void;
}

interface Held {
  key: string;
  kind: LogKind | null;
  pages: Pages;
  answeredAt: number;
}

/** The pages of the present question: the first at once, others as they are looked at. */
export function useLogPages(question: Question): LogPages {
  const { client, live } = useApi();
  const key = JSON.stringify(question);
  const [held, setHeld] = useState<Held>({ key: '', kind: null, pages: NO_PAGES, answeredAt: 0 });
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const [fetching, setFetching] = useState<number | null>(null);
  const round = useRef(0);

  const fetchPage = useCallback(
    async (at: number, after: string | null) => {
      round.current += 1;
      const mine = round.current;
      const { kind, ...asked } = JSON.parse(key) as Question;
      setFetching(at);
      const variables = { ...asked, first: PAGE, after, count: at === 0 };
      const { data, error } = await client.query(PAGES[kind], variables).toPromise();
      // A later question overtook this one.
      if (mine !== round.current) return;
      setFetching(null);
      setProblem(error ? readProblem(error) : null);
      if (!data) return;
      setHeld((was) => {
        const answeredAt = at === 0 ? Date.now() : was.answeredAt;
        return { key, kind, pages: put(was.key === key ? was.pages : NO_PAGES, at, data.page), answeredAt };
      });
    },
    [client, key],
  );
  const refresh = useCallback(() => void fetchPage(0, null), [fetchPage]);

  useEffect(() => {
    refresh();
    const stop = live.onReopen(refresh);
    return () => {
      stop();
      round.current += 1;
    };
  }, [refresh, live]);

  const current = held.key === key;
  const idle = current && fetching === null && !problem;
  const look = useCallback(
    (first: number, last: number) => {
      if (!idle) return;
      const at = wanted(held.pages, first, last);
      if (at !== null) fetchPage(at, afterOf(held.pages, at));
      else
        setHeld((was) => {
          const pages = trimmed(was.pages, first, last);
          return pages === was.pages ? was : { ...was, pages };
        });
    },
    [idle, held.pages, fetchPage],
  );
  return {
    pages: held.pages,
    kind: held.kind,
    current,
    fetching: fetching !== null,
    problem,
    answeredAt: held.answeredAt,
    look,
    refresh,
  };
}
