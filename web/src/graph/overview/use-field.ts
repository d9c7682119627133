import { useEffect, useMemo, useRef, useState } from 'react';
import type { Point } from '../layout/size';
import type { View } from '../view';
import { type Disc, discsOf } from './discs';
import { fieldOf, type Home, type Homes, placed } from './field';
import { settleField } from './force';

export interface Placed {
  discs: Disc[];
  /** Of each disc that has a place. */
  at: ReadonlyMap<string, Point>;
  /** Rises when the whole was laid out anew. */
  generation: number;
}

const NO_HOMES: Homes = new Map();

/**
 * Places that stay: the whole is laid out once per `scope` or `request`, in a worker with a deadline; whoever comes
 * later gets a place among those that stand, and what grows makes way at once.
 */
export function useField(view: View | null, current: boolean, scope: string, request: number): Placed {
  const [held, setHeld] = useState({ wanted: '', homes: NO_HOMES, generation: 0 });
  const discs = useMemo(() => (view ? discsOf(view) : []), [view]);
  const wanted = `${scope}\n${request}`;
  const homes = held.wanted === wanted ? held.homes : NO_HOMES;
  const worker = useRef<Worker | null>(null);
  const round = useRef(0);
  useEffect(
    () => () => {
      worker.current?.terminate();
      worker.current = null;
    },
    [],
  );

  // A graph that still answers the question before is not worth a layout of its own.
  const missing = current && discs.some(({ node }) => !homes.has(node.id));
  useEffect(() => {
    if (!missing || !view) return;
    round.current += 1;
    const mine = round.current;
    const radius = new Map(discs.map(({ node, r }) => [node.id, r]));
    const field = fieldOf(view, discs, homes);
    const done = (points: [string, number, number][]) => {
      if (mine !== round.current) return;
      setHeld((was) => {
        const kept = was.wanted === wanted ? was.homes : NO_HOMES;
        const next = new Map<string, Home>(
          points.map(([id, x, y]) => [id, kept.get(id) ?? { x, y, r: radius.get(id) ?? 0 }]),
        );
        for (const [id, home] of kept) if (!next.has(id)) next.set(id, home);
        return { wanted, homes: next, generation: was.generation + (kept.size ? 0 : 1) };
      });
    };
    try {
      worker.current ??= new Worker(new URL('./force.worker.ts', import.meta.url), { type: 'module' });
      worker.current.onmessage = ({ data }) => data.round === mine && done(data.points);
      worker.current.onerror = () => done(settleField({ ...field, patience: 0 }, Date.now));
      worker.current.postMessage({ round: mine, field });
    } catch {
      done(settleField({ ...field, patience: 0 }, Date.now));
    }
  }, [missing, view, discs, homes, wanted]);

  const at = useMemo(() => placed(discs, homes), [discs, homes]);
  return { discs, at, generation: held.wanted === wanted ? held.generation : 0 };
}
