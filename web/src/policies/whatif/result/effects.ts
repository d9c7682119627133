/** What becomes of connections: the words, the order and the shares in which the page tells it. */
import type { Effect, FlipNode, Simulation } from '../../../api/simulation';
import { bytes } from '../../../domain/units';

export type Flipped = Exclude<Effect, 'UNCHANGED'>;
export const FLIPPED: readonly Flipped[] = ['NEWLY_DENIED', 'NEWLY_ALLOWED', 'UNCERTAIN'];

export const EFFECT_WORDS: Record<Effect, string> = {
  NEWLY_DENIED: 'Newly denied',
  NEWLY_ALLOWED: 'Newly allowed',
  UNCERTAIN: 'Uncertain',
  UNCHANGED: 'Unchanged',
};

export interface Share {
  effect: Effect;
  connections: number;
  records: number;
  paths: number;
  percent: string;
}

export function sharesOf(totals: Simulation['totals']): { all: number; shares: Share[] } {
  const counts = new Map(totals.map((each) => [each.effect, each]));
  const all = totals.reduce((sum, { traffic }) => sum + Number(traffic.connections ?? 0), 0);
  const shares = [...FLIPPED, 'UNCHANGED' as const].map((effect) => {
    const found = counts.get(effect);
    const connections = Number(found?.traffic.connections ?? 0);
    return {
      effect,
      connections,
      records: Number(found?.traffic.records ?? 0),
      paths: found?.paths ?? 0,
      percent: percentOf(connections, all),
    };
  });
  return { all, shares };
}

/** One decimal; what is there but rounds to nothing, or to everything, says so. */
export function percentOf(part: number, all: number): string {
  if (all === 0) return '';
  const percent = (100 * part) / all;
  if (part > 0 && percent < 0.05) return '< 0.1 %';
  if (part < all && percent > 99.95) return '> 99.9 %';
  return `${percent.toFixed(1).replace(/\.0$/, '')} %`;
}

export interface Group {
  effect: Flipped;
  flips: FlipNode[];
}

export const groupsOf = (flips: readonly FlipNode[]): Group[] =>
  FLIPPED.map((effect) => ({ effect, flips: flips.filter((flip) => flip.effect === effect) })).filter(
    ({ flips: some }) => some.length > 0,
  );

const sum = (a: string | null | undefined, b: string | null | undefined): number | null =>
  a == null && b == null ? null : Number(a ?? 0) + Number(b ?? 0);

export const connectionsOf = ({ allowed, denied }: FlipNode): number | null =>
  sum(allowed.connections, denied.connections);

export function bytesOf({ allowed, denied }: FlipNode): number | null {
  const across = (each: FlipNode['allowed']) =>
    sum(each.bytesToTarget, each.bytesToSource) ?? sum(each.bytesIn, each.bytesOut);
  const [a, b] = [across(allowed), across(denied)];
  return a === null && b === null ? null : (a ?? 0) + (b ?? 0);
}

export const shownBytes = (flip: FlipNode): string => bytes(bytesOf(flip));
