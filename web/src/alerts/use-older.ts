import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { AlertsDocument, readAlert } from '../api/alerts';
import { useApi } from '../api/context';
import { type ApiProblem, readProblem } from '../api/errors';
import type { Alert } from '../domain/alert';
import type { AlertsQueryVariables } from '../gql/graphql';
import { joined, type Older } from './older';

export interface Paged {
  all: readonly Alert[] | null;
  /** Null where all are listed. */
  more: (() => void) | null;
  fetching: boolean;
  problem: ApiProblem | null;
}

/** The newest alerts of a question, of which `next` is the page behind, and older ones page by page. */
export function useOlder(
  asked: AlertsQueryVariables,
  newest: readonly Alert[] | null,
  next: string | null,
): Paged {
  const { client } = useApi();
  const question = JSON.stringify(asked);
  const present = useRef(question);
  present.current = question;
  const [older, setOlder] = useState<(Older & { question: string }) | null>(null);
  const [fetching, setFetching] = useState(false);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was read belongs to the question
  useEffect(() => {
    setOlder(null);
    setProblem(null);
    setFetching(false);
  }, [question]);
  const mine = older?.question === question ? older : null;
  const all = useMemo(() => newest && joined(newest, mine), [newest, mine]);
  const broken = newest !== null && all === null;
  useEffect(() => {
    if (broken) setOlder(null);
  }, [broken]);

  const after = mine ? mine.next : next;
  const more = useCallback(async () => {
    setFetching(true);
    const { data, error } = await client
      .query(AlertsDocument, { ...JSON.parse(question), after })
      .toPromise();
    if (present.current !== question) return;
    setFetching(false);
    setProblem(error ? readProblem(error) : null);
    if (!data) return;
    const { edges, pageInfo } = data.alerts;
    const read = edges.map(({ node }) => readAlert(node));
    const behind = pageInfo.hasNextPage ? (pageInfo.endCursor ?? null) : null;
    setOlder((was) => {
      const known = was?.question === question ? was.alerts : (newest ?? []);
      return { question, alerts: [...known, ...read], next: behind };
    });
  }, [client, question, after, newest]);
  return { all: broken ? newest : all, more: newest && after ? more : null, fetching, problem };
}
