import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { arrange, type Home, settle } from './layout/arrange';
import { planOf } from './layout/plan';
import { quickLayout } from './layout/quick';
import type { Point, Rect } from './layout/size';
import { surround } from './layout/surround';
import type { View } from './view';

export interface Layout {
  rects: ReadonlyMap<string, Rect>;
  /** Rises each time the whole was laid out anew, which is when the camera may fit it. */
  generation: number;
  /** How often somebody asked for the whole to be laid out anew. */
  requests: number;
  move: (id: string, to: Point) => void;
  relayout: () => void;
}

const NO_HOME: Home = new Map();
const worker = import('./layout/elk');
worker.then(({ warm }) => warm()).catch(() => {});
const PATIENCE = 10_000;

/**
 * Positions kept by id. The whole is laid out once per `scope` (cluster, level, filter) or on
 * request; whoever arrives later gets a place beside its neighbour and nobody else moves.
 */
export function useLayout(
  view: View | null,
  current: boolean,
  scope: string,
  opened: readonly string[],
): Layout {
  const [home, setHome] = useState<{ scope: string; at: Home; generation: number }>({
    scope: '',
    at: NO_HOME,
    generation: 0,
  });
  const running = useRef('');
  const [request, setRequest] = useState(0);
  const latest = useRef(view);
  latest.current = view;

  const wanted = `${scope}\n${request}`;
  // A graph that still answers the question before is not worth a layout of its own.
  const ready = current && view !== null && view.nodes.length > 0;

  useEffect(() => {
    if (!ready || running.current === wanted || !latest.current) return;
    running.current = wanted;
    const plan = planOf(latest.current);
    const done = (points: Map<string, Point>) => {
      if (running.current !== wanted) return;
      setHome((was) => ({ scope, at: surround(points, plan), generation: was.generation + 1 }));
    };
    const late = new Promise<never>((_, reject) => {
      setTimeout(() => reject(new Error('The layout took too long.')), PATIENCE);
    });
    // The simple columns are always right, only less pretty: they stand in where the worker fails.
    worker
      .then(({ layered }) => Promise.race([layered(plan), late]))
      .then(done, () => done(quickLayout(plan)));
  }, [wanted, ready, scope]);

  const settled = useMemo(() => (view && home.at.size ? settle(home.at, view) : home.at), [home.at, view]);
  useEffect(() => {
    if (settled !== home.at) setHome((was) => (was.at === home.at ? { ...was, at: settled } : was));
  }, [settled, home.at]);

  const rects = useMemo(
    () => (view && settled.size ? arrange(settled, view, opened) : new Map<string, Rect>()),
    [settled, view, opened],
  );

  const move = useCallback((id: string, to: Point) => {
    setHome((was) => ({ ...was, at: new Map(was.at).set(id, to) }));
  }, []);
  const relayout = useCallback(() => setRequest((before) => before + 1), []);
  const { generation } = home;
  return useMemo(
    () => ({ rects, generation, requests: request, move, relayout }),
    [rects, generation, request, move, relayout],
  );
}
