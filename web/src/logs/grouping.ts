import type { Kind } from '../dashboards/document';
import { fully, groupWord } from '../dashboards/values';
import { KINDS, type LogKind } from '../domain/log-kinds';
import { displayName, isSentinel, plainName } from '../domain/names';
import { allOf } from '../kql/build';
import { condition } from '../kql/conjuncts';
import type { GroupQuery, Metric } from './preset';
import type { Question } from './use-question';

/** Records in groups: what is asked of `aggregate`, and how its answers read. */
export const upper = <T extends string>(text: T): Uppercase<T> => text.toUpperCase() as Uppercase<T>;

const MOST = 500;

export function groupedAsk(
  question: Question,
  query: GroupQuery,
  order: { metric: number; descending: boolean },
) {
  return {
    kind: question.kind,
    range: question.range,
    clusters: question.clusters,
    filter: allOf([question.filter, query.filter]),
    groupBy: query.groupBy ?? null,
    metrics: query.metrics.map(({ op, field }) => ({ op: upper(op), field: field ?? null })),
    limit: Math.min(query.limit ?? 50, MOST),
    orderBy: { metric: order.metric, direction: order.descending ? ('DESC' as const) : ('ASC' as const) },
    reporters: upper(query.reporters ?? 'combined'),
  };
}

/** What narrows the filter to one group. */
export const groupCondition = (groupBy: readonly string[], keys: readonly (string | null)[]): string =>
  groupBy.map((field, at) => condition(field, keys[at] ?? null)).join(' and ');

/** A key as people read it; logs' sentinels never appear. */
export function keyWord(kind: LogKind, field: string, key: string | null): string {
  if (kind === 'FLOWS' && key === null && /_namespace$/.test(field)) return 'outside cluster';
  if (kind === 'FLOWS' && key !== null && /_name_aggr$/.test(field))
    return key === 'pub' || key === 'pvt' ? displayName('NETWORK', key) : plainName(key);
  if (isSentinel(key)) return 'several';
  return groupWord(key, field, KINDS[kind].slug as Kind);
}

/** In the unit that the preset names; numbers of different values have none. */
export function measured({ op, field, unit }: Metric, value: number | null): string {
  const plain = op === 'distinct' || op === 'count';
  return fully(value, plain ? 'count' : (unit ?? (/^bytes_/.test(field ?? '') ? 'bytes' : 'count')));
}
