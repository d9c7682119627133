import { useMemo } from 'react';
import type { GraphNode } from '../domain/graph';
import type { Infra } from '../domain/url-state';
import { isBuiltIn } from './layer';
import { type Placed, placedLayers, placesOf, type Standing, standings } from './standing';
import type { Layers } from './use-layers';

export interface Layering {
  placed: readonly Placed[];
  /** Whether every layer that the address names is known, or known to be none of the reader's. */
  known: boolean;
  standing: (node: GraphNode) => Standing;
  /** A condition that leaves out the flows of hidden layers. */
  without: string | null;
  /** A condition that finds the flows of dimmed ones. */
  faint: string | null;
  /** Changes with what is hidden. */
  scope: string;
}

/** What the address and the layers come to. */
export function useLayering(infra: Infra, texts: readonly string[], layers: Layers): Layering {
  const { all, problem } = layers;
  const named = texts.join('\n');
  return useMemo(() => {
    const said = named ? named.split('\n') : [];
    const placed = placedLayers(infra, said, all);
    const filters = (state: 'dimmed' | 'hidden') =>
      placed.flatMap(({ layer, state: its }) => (its === state && layer.filter ? [layer.filter] : []));
    const anyOf = (conditions: string[]) => conditions.map((each) => `(${each})`).join(' or ') || null;
    const hidden = anyOf(filters('hidden'));
    return {
      placed,
      known: [...placesOf(said).keys()].every(isBuiltIn) || all !== null || problem !== null,
      standing: standings(placed),
      without: hidden && `not (${hidden})`,
      faint: anyOf(filters('dimmed')),
      scope: JSON.stringify(
        placed.filter(({ state }) => state === 'hidden').map(({ layer }) => [layer.id, layer.members]),
      ),
    };
  }, [infra, named, all, problem]);
}
