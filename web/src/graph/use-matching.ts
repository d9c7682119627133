import { useMemo } from 'react';
import type { ApiProblem } from '../api/errors';
import { readGraph, ServiceGraphDocument } from '../api/graph';
import { useAsk } from '../api/use-ask';
import { isLive } from '../domain/time';
import { MOST_EDGES, type Question } from './use-service-graph';

/** The edges that a filter matches, for highlighting them while everything stays drawn. */
export function useMatching(
  question: Question,
  filter: string | null,
): { ids: ReadonlySet<string> | null; problem: ApiProblem | null } {
  const { range, clusters, level, expand } = question;
  const key = filter ? JSON.stringify({ range, clusters, level, expand, filter, limit: MOST_EDGES }) : '';
  const variables = useMemo(() => (key ? JSON.parse(key) : null), [key]);
  const { data, problem } = useAsk(ServiceGraphDocument, variables, isLive(range) ? 10_000 : 0);
  const ids = useMemo(() => (data && key ? new Set(readGraph(data).edges.keys()) : null), [data, key]);
  return { ids, problem: key ? problem : null };
}
