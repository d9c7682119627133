import { useCallback } from 'react';
import { useApi } from '../api/context';
import { ServiceEdgeDocument } from '../api/edge';
import { readProblem } from '../api/errors';
import { ServiceGraphDocument } from '../api/graph';
import { MOST_EDGES, type Question } from '../graph/use-service-graph';

/** Asks the API anew what is shown, a graph or one of its edges, and hands its answer on as it is. */
export function useAnswer(question: Question, edge: string | null = null): () => Promise<unknown> {
  const { client } = useApi();
  const key = JSON.stringify(question);
  return useCallback(async () => {
    const { range, filter, ...rest } = JSON.parse(key) as Question;
    const { data, error } = edge
      ? await client.query(ServiceEdgeDocument, { id: edge, range, filter }).toPromise()
      : await client.query(ServiceGraphDocument, { range, filter, ...rest, limit: MOST_EDGES }).toPromise();
    if (error) throw new Error(readProblem(error).message);
    return data;
  }, [client, key, edge]);
}
