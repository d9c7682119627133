import { AggregateDocument } from '../../api/aggregate';
import type { AggregateColumns } from '../../api/aggregates';
import { useAsk } from '../../api/use-ask';

const EVERY = 30_000;
/** The range that the Alerts page shows. */
const ASKED = {
  clusters: null,
  kind: 'ALERTS',
  range: { from: 'now-7d', to: 'now' },
  filter: 'kind : threat_feed',
  groupBy: ['rule'],
  metrics: [{ op: 'COUNT' }],
  interval: null,
  limit: 500,
  reporters: 'COMBINED',
} as const;

/** How many alerts each feed raised in seven days, by its title; null until that is known. */
export function useMatches(): ReadonlyMap<string, number> | null {
  const { data } = useAsk(AggregateDocument, ASKED as never, EVERY);
  if (!data) return null;
  const { keys, values } = data.aggregate.columns as AggregateColumns;
  return new Map(keys[0]?.map((title, at) => [title ?? '', Number(values[0]?.[at] ?? 0)]));
}
