import { useCallback, useEffect, useRef, useState } from 'react';
import { useApi } from '../api/context';
import { type ApiProblem, readProblem } from '../api/errors';
import { readChange, readGraph, ServiceGraphChangedDocument, ServiceGraphDocument } from '../api/graph';
import { pulse } from '../api/pulse';
import { applyChange, type Graph, type Level } from '../domain/graph';
import { type AskedRange, isLive, spanOf } from '../domain/time';

export interface Question {
  range: AskedRange;
  clusters: string[] | null;
  level: Level;
  expand: string[];
  filter: string | null;
}

export interface ServiceGraphState {
  graph: Graph | null;
  /** Whether the graph answers the present question, or is the last one while that is asked. */
  current: boolean;
  fetching: boolean;
  problem: ApiProblem | null;
  retry: () => void;
}

/** Edges that are asked for; more than a picture of cards shows, so that the overview is whole. */
export const MOST_EDGES = 50_000;
/** Edges up to which changes come live. Larger graphs are asked for anew every so often. */
const LIVE = 5000;
const RESYNC = 60_000;
/** Before what is shown counts as old. */
const RESYNC_LARGE = 30_000;

interface Held {
  key: string;
  graph: Graph;
}

/**
 * The graph of a question: asked once, then merged with what the subscription brings. Until it is `ready`
 * something that the question depends on is not known.
 */
export function useServiceGraph(question: Question, ready = true): ServiceGraphState {
  const { client, live } = useApi();
  const [held, setHeld] = useState<Held | null>(null);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const [fetching, setFetching] = useState(true);
  const round = useRef(0);
  const key = ready ? JSON.stringify(question) : '';

  const ask = useCallback(async () => {
    if (!key) return;
    round.current += 1;
    const mine = round.current;
    const { range, ...rest } = JSON.parse(key) as Question;
    setFetching(true);
    const { data, error } = await client
      .query(ServiceGraphDocument, { range, ...rest, limit: MOST_EDGES })
      .toPromise();
    if (mine !== round.current) return;
    setFetching(false);
    if (error || !data) {
      setProblem(error ? readProblem(error) : null);
      return;
    }
    setProblem(null);
    const graph = readGraph(data);
    setHeld({ key, graph });
    if (isLive(range))
      pulse.beat({ asOf: Date.parse(graph.asOf), receivedAt: Date.now(), stale: graph.stale });
  }, [client, key]);

  useEffect(() => {
    ask();
  }, [ask]);

  const large = held?.key === key && held.graph.edges.size > LIVE;
  useEffect(() => {
    if (!key) return;
    const asked = JSON.parse(key) as Question;
    if (!isLive(asked.range)) return;
    const stopReopen = live.onReopen(ask);
    // Edges that fell silent leave the window; a change only ever adds or updates.
    const timer = setInterval(
      () => document.visibilityState !== 'hidden' && ask(),
      large ? RESYNC_LARGE : RESYNC,
    );
    const follow = () =>
      live.follow(
        ServiceGraphChangedDocument,
        () => ({
          level: asked.level,
          expand: asked.expand,
          filter: asked.filter,
          clusters: asked.clusters,
          last: Math.max(1, Math.round(spanOf(asked.range, Date.now()) / 1000)),
        }),
        (data) => {
          const change = readChange(data);
          pulse.beat({ asOf: Date.parse(change.asOf), receivedAt: Date.now(), stale: false });
          setHeld((was) => (was?.key === key ? { key, graph: applyChange(was.graph, change) } : was));
        },
      );
    const stop = large ? null : follow();
    return () => {
      stopReopen();
      clearInterval(timer);
      stop?.();
    };
  }, [ask, key, live, large]);

  return {
    graph: held?.graph ?? null,
    current: held !== null && held.key === key,
    fetching,
    problem,
    retry: ask,
  };
}
