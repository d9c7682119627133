import { useMemo } from 'react';
import { AggregateDocument } from '../api/aggregate';
import { useAsk } from '../api/use-ask';
import { isLive } from '../domain/time';
import type { Question } from '../graph/use-service-graph';
import { readTrend, type Trend, trendAsk } from './trend';

const LIVE = 15_000;

/** How what matches went up and down over the range; null until that is answered. */
export function useTrend({ range, clusters }: Question, filter: string | null): Trend | null {
  const { from, to } = range;
  const key = JSON.stringify([from, to, clusters, filter]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says all of it
  const variables = useMemo(() => ({ ...trendAsk({ from, to }, filter, Date.now()), clusters }), [key]);
  const { data, current } = useAsk(AggregateDocument, variables, isLive({ from, to }) ? LIVE : 0);
  const live = isLive(range);
  return useMemo(() => (data && current ? readTrend(data.aggregate, live) : null), [data, current, live]);
}
