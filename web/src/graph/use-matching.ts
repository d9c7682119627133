import { useMemo } from 'react';
import type { ApiProblem } from '../api/errors';
import { readGraph, ServiceGraphDocument } from '../api/graph';
import { useAsk } from '../api/use-ask';
import { isLive } from '../domain/time';
import { allOf } from '../kql/build';
import { MOST_EDGES, type Question } from './use-service-graph';

/** The edges that a filter matches, for highlighting them while everything stays drawn. */
export function useMatching(
  question: Question,
  filter: string | null,
): { ids: ReadonlySet<string> | null; problem: ApiProblem | null } {
  const { range, clusters, level, expand } = question;
  const key = filter ? JSON.stringify({ range, clusters, level, expand, filter, limit: MOST_EDGES }) : '';
  const variables = useMemo(() => (key ? JSON.parse(key) : null), [key]);
  const { data, current, problem } = useAsk(ServiceGraphDocument, variables, isLive(range) ? 10_000 : 0);
  const ids = useMemo(
    () => (data && current && key ? new Set(readGraph(data).edges.keys()) : null),
    [data, current, key],
  );
  return { ids, problem: key ? problem : null };
}

/** The edges all of whose flows a filter finds. */
export function useDimmed(
  question: Question,
  filter: string | null,
): { ids: ReadonlySet<string>; problem: ApiProblem | null } {
  const found = useMatching(question, filter && allOf([question.filter, filter]));
  const rest = useMatching(question, filter && allOf([question.filter, `not (${filter})`]));
  const ids = useMemo(() => {
    if (!found.ids || !rest.ids) return NONE;
    return new Set([...found.ids].filter((id) => !rest.ids?.has(id)));
  }, [found.ids, rest.ids]);
  return { ids, problem: found.problem ?? rest.problem };
}

const NONE: ReadonlySet<string> = new Set();
