import type { GraphNode } from '../domain/graph';
import { belonging, DNS, INFRA, type Layer } from './layer';

/** How strongly something is drawn. */
export const LAYER_STATES = ['shown', 'dimmed', 'hidden'] as const;
export type LayerState = (typeof LAYER_STATES)[number];

export interface Placed {
  layer: Layer;
  state: LayerState;
}

/** A state, and the title of the layer that gives it. */
export interface Standing {
  state: LayerState;
  layer: string | null;
}

export const PLAIN: Standing = { state: 'shown', layer: null };

const rank = ({ state }: Standing) => LAYER_STATES.indexOf(state);
export const stronger = (a: Standing, b: Standing): Standing => (rank(b) > rank(a) ? b : a);
/** What all of them have at least. */
export const least = (all: readonly Standing[]): Standing =>
  all.reduce((a, b) => (rank(b) < rank(a) ? b : a), all[0] ?? PLAIN);

/** The state of a node by its own name: the strongest of the layers that it belongs to. */
export function standings(placed: readonly Placed[]): (node: GraphNode) => Standing {
  const effective = placed
    .filter(({ state }) => state !== 'shown')
    .map(({ layer, state }) => ({ has: belonging(layer), standing: { state, layer: layer.title } }));
  return (node) =>
    effective.reduce<Standing>((is, { has, standing }) => (has(node) ? stronger(is, standing) : is), PLAIN);
}

const NAMED = /^(dimmed|hidden):(.+)$/s;

/** What the address says of layers, by their ids. What is not said is shown. */
export function placesOf(texts: readonly string[]): Map<string, LayerState> {
  const places = new Map<string, LayerState>();
  for (const text of texts) {
    const [, state, id] = NAMED.exec(text) ?? [];
    if (id && !places.has(id)) places.set(id, state as LayerState);
  }
  return places;
}

export function withPlace(texts: readonly string[], id: string, state: LayerState): string[] {
  const places = placesOf(texts);
  places.delete(id);
  if (state !== 'shown') places.set(id, state);
  return [...places].map(([other, its]) => `${its}:${other}`);
}

/** The infra layer, whose state has a parameter of its own, the cluster's DNS, and those that people saved. */
export function placedLayers(
  infra: LayerState,
  texts: readonly string[],
  saved: readonly Layer[] | null,
): Placed[] {
  const places = placesOf(texts);
  return [
    { layer: INFRA, state: infra },
    { layer: DNS, state: places.get(DNS.id) ?? 'shown' },
    ...(saved ?? []).map((layer) => ({ layer, state: places.get(layer.id) ?? 'shown' })),
  ];
}

/** The button's words: what is not shown as it is. */
export function placedWords(placed: readonly Placed[], texts: readonly string[]): string {
  const effective = placed.filter(({ state }) => state !== 'shown');
  const unknown = placesOf(texts).size - effective.filter(({ layer }) => layer.id !== INFRA.id).length;
  if (effective.length + unknown === 0) return 'all shown';
  const [only] = effective;
  if (only && effective.length + unknown === 1) {
    return `${only.layer.id === INFRA.id ? 'infra' : only.layer.title} ${only.state}`;
  }
  const count = (state: LayerState) => effective.filter((each) => each.state === state).length;
  return [
    [count('dimmed'), 'dimmed'],
    [count('hidden'), 'hidden'],
    [unknown, 'unknown'],
  ]
    .filter(([many]) => many)
    .map(([many, word]) => `${many} ${word}`)
    .join(', ');
}
