import { useCallback, useEffect, useRef, useState } from 'react';
import { useApi } from '../api/context';
import { type ApiProblem, readProblem } from '../api/errors';
import { type FlowRow, FlowsDocument } from '../api/flows';
import type { AskedRange } from '../domain/time';

interface Question {
  range: AskedRange;
  clusters: string[] | null;
  filter: string | null;
}

interface Pages {
  key: string;
  rows: FlowRow[];
  cursor: string | null;
  more: boolean;
}

export interface Flows {
  rows: FlowRow[];
  /** False while the rows still answer an earlier question. */
  current: boolean;
  fetching: boolean;
  more: boolean;
  problem: ApiProblem | null;
  fetchMore: () => void;
  refresh: () => void;
}

const PAGE = 100;

/** Flow records by pages. The first page may be refreshed; what was paged to stays put until then. */
export function useFlows(question: Question | null): Flows {
  const { client } = useApi();
  const key = question ? JSON.stringify(question) : '';
  const [pages, setPages] = useState<Pages>({ key: '', rows: [], cursor: null, more: false });
  const [fetching, setFetching] = useState(false);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const round = useRef(0);

  const fetchPage = useCallback(
    async (after: string | null) => {
      if (!key) return;
      round.current += 1;
      const mine = round.current;
      setFetching(true);
      const variables = { ...(JSON.parse(key) as Question), first: PAGE, after };
      const { data, error } = await client.query(FlowsDocument, variables).toPromise();
      if (mine !== round.current) return;
      setFetching(false);
      setProblem(error ? readProblem(error) : null);
      if (!data) return;
      const { nodes, pageInfo } = data.flows;
      setPages((was) => ({
        key,
        rows: after ? [...was.rows, ...nodes] : nodes,
        cursor: pageInfo.endCursor ?? null,
        more: pageInfo.hasNextPage,
      }));
    },
    [client, key],
  );

  useEffect(() => {
    fetchPage(null);
    return () => {
      round.current += 1;
    };
  }, [fetchPage]);

  const current = pages.key === key;
  const fetchMore = useCallback(() => {
    if (!fetching && current && pages.more) fetchPage(pages.cursor);
  }, [fetching, current, pages.more, pages.cursor, fetchPage]);
  const refresh = useCallback(() => void fetchPage(null), [fetchPage]);
  return { rows: pages.rows, current, fetching, more: current && pages.more, problem, fetchMore, refresh };
}
