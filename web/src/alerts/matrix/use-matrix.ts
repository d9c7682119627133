import { useMemo } from 'react';
import { AggregateDocument } from '../../api/aggregate';
import type { AggregateColumns } from '../../api/aggregates';
import { WatchedTechniquesDocument } from '../../api/alert-rules';
import { useAsk } from '../../api/use-ask';
import { type AskedRange, isLive } from '../../domain/time';
import { type Counted, type Matrix, matrixOf } from './matrix';

const EVERY = 10_000;
const NONE = {};

/** The alerts of a range and status, and the rules that are on, by what they name of ATT&CK. */
export function useMatrix(range: AskedRange, cluster: string | null, status: string | null) {
  const variables = useMemo(
    () => ({
      clusters: cluster ? [cluster] : null,
      kind: 'ALERTS',
      range: { from: range.from, to: range.to },
      filter: status && `status : ${status.toLowerCase()}`,
      groupBy: ['technique', 'tactic'],
      metrics: [{ op: 'COUNT' }, { op: 'MAX', field: 'severity' }],
      interval: null,
      limit: 500,
      reporters: 'COMBINED',
    }),
    [range.from, range.to, cluster, status],
  );
  const asked = useAsk(AggregateDocument, variables as never, isLive(range) ? EVERY : 0);
  const rules = useAsk(WatchedTechniquesDocument, NONE);
  const columns = asked.data?.aggregate.columns as AggregateColumns | undefined;
  const watching = rules.data?.alertRules;
  const matrix = useMemo<Matrix | null>(
    () => (columns && watching ? matrixOf(countedOf(columns), watching) : null),
    [columns, watching],
  );
  const retry = () => {
    asked.retry();
    rules.retry();
  };
  return { matrix, current: asked.current, problem: asked.problem ?? rules.problem, retry };
}

function countedOf({ keys, values }: AggregateColumns): Counted[] {
  const [techniques = [], tactics = []] = keys;
  const [counts = [], severities = []] = values;
  return techniques.map((technique, at) => ({
    technique,
    tactic: tactics[at] ?? null,
    count: Number(counts[at] ?? 0),
    severity: Number(severities[at] ?? 0),
  }));
}
