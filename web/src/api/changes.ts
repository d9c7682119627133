import type { AnyVariables, Client, TypedDocumentNode } from 'urql';
import { readProblem } from './errors';

export interface Changed<Done = string> {
  /** What was done; null where nothing was. */
  done: Done | null;
  /** Why nothing was changed: sentences, each of which says where. */
  problems: string[];
}

interface Answer {
  problems: readonly { message: string }[];
}

/** Asks for one change, which says itself what became of it. */
export async function change<Data, Variables extends AnyVariables, Done>(
  client: Client,
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  done: (answer: Data) => Done,
): Promise<Changed<Done>> {
  const { data, error } = await client.mutation(document, variables).toPromise();
  if (error || !data)
    return { done: null, problems: [error ? readProblem(error).message : 'The API gave no answer.'] };
  const [answer] = Object.values(data as Record<string, Answer>);
  const problems = (answer?.problems ?? []).map(({ message }) => message);
  return { done: problems.length ? null : done(data), problems };
}
