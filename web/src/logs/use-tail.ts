import { useCallback, useEffect, useRef, useState } from 'react';
import { useApi } from '../api/context';
import { NewerDocument, TAILS } from '../api/log-tails';
import { type Arrival, arrived } from './tail';
import type { Question } from './use-question';

/** Records as they arrive. While held, they are only counted; going on tells the count as a gap. */
export function useTail(question: Question, on: boolean, held: boolean) {
  const { live } = useApi();
  const { kind, filter, clusters } = question;
  const cluster = clusters?.[0] ?? null;
  const [arrivals, setArrivals] = useState<Arrival[]>([]);
  const [waiting, setWaiting] = useState(0);
  const [problem, setProblem] = useState<string | null>(null);
  const holding = useRef(held);
  const missed = useRef(0);
  holding.current = held;

  const clear = useCallback(() => {
    missed.current = 0;
    setWaiting(0);
    setArrivals([]);
  }, []);

  useEffect(() => {
    clear();
    setProblem(null);
    if (!on) return;
    const variables = () => ({ filter, clusters: cluster ? [cluster] : null });
    return live.follow(
      TAILS[kind],
      variables,
      ({ logsIngested: { records, dropped } }) => {
        if (holding.current) {
          missed.current += records.length + dropped;
          setWaiting(missed.current);
          return;
        }
        const gap = missed.current;
        missed.current = 0;
        setWaiting(0);
        setArrivals((known) => arrived(gap ? arrived(known, [], gap) : known, records, dropped));
      },
      setProblem,
    );
  }, [on, kind, filter, cluster, live, clear]);

  return { arrivals, waiting, problem, clear };
}

/** How many records arrived since the rows were last asked for. */
export function useNewer(question: Question, on: boolean, since: number): number {
  const { live } = useApi();
  const { kind, filter, clusters } = question;
  const cluster = clusters?.[0] ?? null;
  const [newer, setNewer] = useState(0);

  // biome-ignore lint/correctness/useExhaustiveDependencies: counting begins anew with each answer
  useEffect(() => setNewer(0), [since, kind, filter, cluster]);
  useEffect(() => {
    if (!on) return;
    const variables = () => ({ kind, filter, clusters: cluster ? [cluster] : null });
    return live.follow(NewerDocument, variables, ({ logsIngested: { records, dropped } }) =>
      setNewer((was) => was + records.length + dropped),
    );
  }, [on, kind, filter, cluster, live]);
  return newer;
}
