import { useMemo } from 'react';
import { readGraph, ServiceGraphDocument } from '../api/graph';
import { useAsk } from '../api/use-ask';
import { comparedRange } from '../domain/comparison';
import type { Graph } from '../domain/graph';
import { Members } from './groups';
import type { Question } from './use-service-graph';

/** Edges of the range before: more are a picture that nobody searches for what is new. */
const MOST = 5000;

const MINUTE = 60_000;

/** Who lives in each namespace: the same question at workload level, asked after the graph is there. */
export function useMembers(question: Question, ready: boolean): Members {
  const { range, clusters, filter } = question;
  const key = ready ? JSON.stringify({ range, clusters, filter }) : '';
  const variables = useMemo(
    () => (key ? { ...JSON.parse(key), level: 'WORKLOAD' as const, expand: null, limit: MOST } : null),
    [key],
  );
  const { data } = useAsk(ServiceGraphDocument, variables, MINUTE);
  return useMemo(() => new Members(data && !data.serviceGraph.truncated ? readGraph(data) : null), [data]);
}

/**
 * The edges that the window of the same length just before this one did not have. Null where that
 * window is empty, since then everything would be new and nothing would be said by it.
 */
export function useFresh(question: Question, graph: Graph | null): ReadonlySet<string> | null {
  const { range, ...rest } = question;
  const { from, to } = range;
  const before = useMemo(() => comparedRange({ from, to }, 'before', Date.now()), [from, to]);
  const few = graph !== null && graph.edges.size <= MOST;
  const key = few ? JSON.stringify({ range: before, ...rest, limit: MOST }) : '';
  const variables = useMemo(() => (key ? JSON.parse(key) : null), [key]);
  const { data, current } = useAsk(ServiceGraphDocument, variables, 5 * MINUTE);
  return useMemo(() => {
    if (!data || !current || !graph || data.serviceGraph.truncated) return null;
    const earlier = readGraph(data).edges;
    if (!earlier.size) return null;
    return new Set([...graph.edges.keys()].filter((id) => !earlier.has(id)));
  }, [data, current, graph]);
}
