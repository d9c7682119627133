import { useMemo } from 'react';
import { CompareGraphsDocument, readComparison } from '../api/comparison';
import type { ApiProblem } from '../api/errors';
import { useAsk } from '../api/use-ask';
import { type Comparison, comparedRange } from '../domain/comparison';
import { isLive } from '../domain/time';
import type { Question } from './use-service-graph';

const LIMIT = 5000;
const EVERY = 30_000;

export interface ComparisonState {
  comparison: Comparison | null;
  /** Whether it is asked for and was not answered yet. */
  waiting: boolean;
  problem: ApiProblem | null;
}

/** The graph of a question beside that of another range; none where `compare` is null. */
export function useComparison(question: Question, compare: string | null): ComparisonState {
  const { range, ...rest } = question;
  const { from, to } = range;
  const before = useMemo(
    () => compare && comparedRange({ from, to }, compare, Date.now()),
    [from, to, compare],
  );
  const key = before ? JSON.stringify({ range, before, ...rest, limit: LIMIT }) : '';
  const variables = useMemo(() => (key ? JSON.parse(key) : null), [key]);
  const { data, current, problem } = useAsk(CompareGraphsDocument, variables, isLive(range) ? EVERY : 0);
  const comparison = useMemo(() => (data && current ? readComparison(data) : null), [data, current]);
  return {
    comparison: key ? comparison : null,
    waiting: Boolean(key) && !comparison && !problem,
    problem: key ? problem : null,
  };
}
