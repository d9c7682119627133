import { useCallback, useEffect, useMemo, useState } from 'react';
import { useApi } from '../../api/context';
import { type ApiProblem, readProblem } from '../../api/errors';
import { type RejectedLine, RejectedLinesDocument } from '../../api/rejected';
import { useAsk } from '../../api/use-ask';
import type { LogKind } from '../../domain/log-kinds';
import type { AskedRange } from '../../domain/time';

const PAGE = 100;

export interface Rejected {
  lines: RejectedLine[] | null;
  total: number;
  problem: ApiProblem | null;
  retry: () => void;
  /** Null where all are shown. */
  more: (() => void) | null;
  fetching: boolean;
}

/** Rejected lines of a range, newest first, page by page. A new question begins at the first page. */
export function useRejected(
  range: AskedRange,
  cluster: string | null,
  kind: LogKind | null,
  source: string | null,
): Rejected {
  const { client } = useApi();
  const { from, to } = range;
  const variables = useMemo(
    () => ({ range: { from, to }, clusters: cluster ? [cluster] : null, kind, source, first: PAGE }),
    [from, to, cluster, kind, source],
  );
  const first = useAsk(RejectedLinesDocument, variables);
  const page = first.current ? first.data?.rejectedLines : null;
  const [rest, setRest] = useState<{ lines: RejectedLine[]; next: string | null } | null>(null);
  const [fetching, setFetching] = useState(false);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was loaded belongs to the question
  useEffect(() => {
    setRest(null);
    setProblem(null);
  }, [variables, page]);

  const next = rest ? rest.next : page?.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
  const more = useCallback(async () => {
    setFetching(true);
    const { data, error } = await client
      .query(RejectedLinesDocument, { ...variables, after: next })
      .toPromise();
    setFetching(false);
    setProblem(error ? readProblem(error) : null);
    if (!data) return;
    const { nodes, pageInfo } = data.rejectedLines;
    setRest((was) => ({
      lines: [...(was?.lines ?? []), ...nodes],
      next: pageInfo.hasNextPage ? (pageInfo.endCursor ?? null) : null,
    }));
  }, [client, variables, next]);

  const lines = page ? [...page.nodes, ...(rest?.lines ?? [])] : null;
  return {
    lines,
    total: Number(page?.totalCount ?? 0),
    problem: first.problem ?? problem,
    retry: first.retry,
    more: next ? more : null,
    fetching,
  };
}
