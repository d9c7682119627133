import { useCallback, useEffect, useRef, useState } from 'react';
import { useApi } from '../../api/context';
import { type ApiProblem, readProblem } from '../../api/errors';
import { SimulateDocument, type Simulation } from '../../api/simulation';
import type { AskedRange } from '../../domain/time';
import type { PolicyChangeInput } from '../../gql/graphql';

const AFTER_THE_LAST_KEY = 400;
const PAGE = 200;

export interface Question {
  changes: PolicyChangeInput[];
  range: AskedRange;
  cluster: string;
  filter: string | null;
}

export interface Replay {
  /** The last one that went well, kept while the next runs and when it fails. */
  result: Simulation | null;
  /** Whether `result` answers the present question. */
  current: boolean;
  running: boolean;
  /** Why the present question was not replayed, as the API says it of the changes. */
  problems: Simulation['problems'];
  /** What else went wrong. */
  problem: ApiProblem | null;
  more: (() => void) | null;
  retry: () => void;
}

interface State {
  key: string;
  result: Simulation | null;
  /** The question that `result` answers. */
  answers: string;
  problems: Simulation['problems'];
  problem: ApiProblem | null;
}

const NONE: Simulation['problems'] = [];
const NOTHING: State = { key: '', result: null, answers: '', problems: NONE, problem: null };

/** Replays a change 400 ms after its last key; a later question cancels the former. Null has nothing to replay. */
export function useReplay(question: Question | null): Replay {
  const { client } = useApi();
  const [state, setState] = useState<State>(NOTHING);
  const [loading, setLoading] = useState(false);
  const [round, setRound] = useState(0);
  const key = question ? JSON.stringify(question) : '';
  const asked = useRef('');

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new round asks the same again
  useEffect(() => {
    setLoading(false);
    if (!key) {
      asked.current = '';
      setState(NOTHING);
      return;
    }
    let subscription: { unsubscribe: () => void } | null = null;
    const ask = () => {
      const variables = { ...(JSON.parse(key) as Question), first: PAGE, after: null };
      subscription = client.query(SimulateDocument, variables).subscribe(({ data, error }) => {
        const found = data?.simulatePolicies;
        setState((was) => {
          if (error || !found)
            return { ...was, key, problems: [], problem: error ? readProblem(error) : null };
          if (found.problems.length) return { ...was, key, problems: found.problems, problem: null };
          return { key, result: found, answers: key, problems: [], problem: null };
        });
      });
    };
    // The first question of a page has no key that could follow it.
    const timer = setTimeout(ask, asked.current ? AFTER_THE_LAST_KEY : 0);
    asked.current = key;
    return () => {
      clearTimeout(timer);
      subscription?.unsubscribe();
    };
  }, [client, key, round]);

  const { result, answers } = state;
  const more = useCallback(() => {
    const after = result?.flips?.pageInfo.endCursor;
    if (!after || !result?.range || loading) return;
    setLoading(true);
    // Within the resolved range, or the pages would not be of the same replay.
    const variables = { ...(JSON.parse(answers) as Question), range: result.range, first: PAGE, after };
    client
      .query(SimulateDocument, variables)
      .toPromise()
      .then(({ data, error }) => {
        setLoading(false);
        const next = data?.simulatePolicies.flips;
        setState((was) => {
          if (was.result !== result) return was;
          if (error || !next) return { ...was, problem: error ? readProblem(error) : null };
          const nodes = [...(result.flips?.nodes ?? []), ...next.nodes];
          return { ...was, result: { ...result, flips: { ...next, nodes } } };
        });
      });
  }, [client, result, answers, loading]);

  return {
    result,
    current: key !== '' && answers === key,
    running: key !== '' && state.key !== key,
    problems: state.key === key ? state.problems : NONE,
    problem: state.problem,
    more: result?.flips?.pageInfo.hasNextPage ? more : null,
    retry: () => {
      setState((was) => ({ ...was, key: '', problem: null }));
      setRound((was) => was + 1);
    },
  };
}
