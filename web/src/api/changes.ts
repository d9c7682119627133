import type { AnyVariables, Client, TypedDocumentNode } from 'urql';
import { readProblem } from './errors';

export interface Changed<Done = string> {
  /** What was done; null where nothing was. */
  done: Done | null;
  /** Why nothing was changed: sentences, each of which says where. */
  problems: string[];
  /** The same, with where in what was given each lies: `document.url`. */
  told: readonly Told[];
}

export interface Told {
  message: string;
  path?: string | null;
}

interface Answer {
  problems: readonly Told[];
}

const NO_ANSWER = 'The API gave no answer.';

const refused = (told: readonly Told[]) => ({
  done: null,
  problems: told.map(({ message }) => message),
  told,
});

/** Asks for one change, which says itself what became of it. */
export async function change<Data, Variables extends AnyVariables, Done>(
  client: Client,
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  done: (answer: Data) => Done,
): Promise<Changed<Done>> {
  const { data, error } = await client.mutation(document, variables).toPromise();
  if (error || !data) return refused([{ message: error ? readProblem(error).message : NO_ANSWER }]);
  const [answer] = Object.values(data as Record<string, Answer>);
  const told = answer?.problems ?? [];
  return told.length ? refused(told) : { done: done(data), problems: [], told };
}
