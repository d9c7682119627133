import { useMemo } from 'react';
import { EdgeFiguresDocument, MEASURE_OF, readFigures } from '../api/edge-figures';
import type { ApiProblem } from '../api/errors';
import { useAsk } from '../api/use-ask';
import { isMeasured, type Label } from '../domain/edge-label';
import { isLive } from '../domain/time';
import type { Figures } from './labels';
import type { Question } from './use-service-graph';

const AGAIN = 30_000;

/** What logs tell of the edges of a question; null where nothing is asked, and until it is known. */
export function useFigures(
  question: Question,
  label: Label | null,
  ready: boolean,
): { figures: Figures | null; problem: ApiProblem | null } {
  const key = ready && isMeasured(label) ? JSON.stringify({ ...question, measure: MEASURE_OF[label] }) : '';
  const variables = useMemo(() => (key ? JSON.parse(key) : null), [key]);
  const { data, current, problem } = useAsk(
    EdgeFiguresDocument,
    variables,
    isLive(question.range) ? AGAIN : 0,
  );
  const figures = useMemo(() => (data && current ? readFigures(data) : null), [data, current]);
  return { figures, problem };
}
