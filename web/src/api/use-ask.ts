import { useCallback, useEffect, useRef, useState } from 'react';
import type { AnyVariables, TypedDocumentNode } from 'urql';
import { useApi } from './context';
import { type ApiProblem, readProblem } from './errors';

export interface Asked<Data> {
  /** The last good answer, kept while the next is on its way and when it fails. */
  data: Data | null;
  /** Whether `data` answers the present question. */
  current: boolean;
  fetching: boolean;
  problem: ApiProblem | null;
  answeredAt: number;
  retry: () => void;
}

interface State<Data> {
  key: string;
  data: Data | null;
  problem: ApiProblem | null;
  /** The question that the problem is of. */
  wrong: string;
  answeredAt: number;
}

/** Asks a query, again every so often, and again when the live line comes back. Null variables wait. */
export function useAsk<Data, Variables extends AnyVariables>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables | null,
  every = 0,
): Asked<Data> {
  const { client, live } = useApi();
  const key = variables === null ? '' : JSON.stringify(variables);
  const [state, setState] = useState<State<Data>>(NEVER);
  const [fetching, setFetching] = useState(false);
  const round = useRef(0);

  const ask = useCallback(() => {
    if (!key) return;
    round.current += 1;
    const mine = round.current;
    setFetching(true);
    client
      .query(document, JSON.parse(key) as Variables)
      .toPromise()
      .then((result) => {
        // A later question overtook this one; its answer is the one to show.
        if (mine !== round.current) return;
        setFetching(false);
        const { data, error } = result;
        setState((was) =>
          error || !data
            ? { ...was, problem: error ? readProblem(error) : null, wrong: key }
            : { key, data, problem: null, wrong: '', answeredAt: Date.now() },
        );
      });
  }, [client, document, key]);

  useEffect(() => {
    ask();
    const stop = live.onReopen(ask);
    const timer = every > 0 ? setInterval(() => !hidden() && ask(), every) : undefined;
    return () => {
      stop();
      clearInterval(timer);
      round.current += 1;
    };
  }, [ask, every, live]);

  return {
    data: state.data,
    current: state.key === key && state.data !== null,
    fetching,
    problem: state.wrong === key ? state.problem : null,
    answeredAt: state.answeredAt,
    retry: ask,
  };
}

const NEVER = { key: '', data: null, problem: null, wrong: '', answeredAt: 0 };
const hidden = () => globalThis.document?.visibilityState === 'hidden';
