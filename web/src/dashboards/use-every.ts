import { AggregateDocument } from '../api/aggregate';
import { useApi } from '../api/context';
import { readProblem } from '../api/errors';
import { type Answer, readAnswer } from './answer';
import { useBoard } from './context';
import type { Widget } from './document';
import { questionsOf, timesOf } from './question';

/** Asks a widget's question once more, for as many groups as an answer can list. */
export function useEvery(widget: Widget) {
  const { client } = useApi();
  const { state, scope } = useBoard();
  return async (limit: number): Promise<{ answer: Answer | null; problem: string | null }> => {
    const now = Date.now();
    const { main } = questionsOf({ ...widget, query: { ...widget.query, limit } }, scope, now);
    if (!main) return { answer: null, problem: null };
    const variables = {
      ...main.ask,
      range: timesOf(main, scope.range, now),
      clusters: state.cluster ? [state.cluster] : null,
    };
    const { data, error } = await client.query(AggregateDocument, variables).toPromise();
    if (error || !data)
      return { answer: null, problem: error ? readProblem(error).message : 'The API gave no answer.' };
    return { answer: readAnswer(data.aggregate), problem: null };
  };
}
