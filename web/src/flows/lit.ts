/** What comes forward while something is pointed at, and what a filter that only highlights leaves back. Pure. */
import type { Selection } from '../domain/url-state';
import type { Link, Ring } from './ring';
import type { Pointed } from './use-ring-pointing';

export interface Lit {
  /** Null where nothing is pointed at: everything stands as it is. */
  links: ReadonlySet<string> | null;
  arcs: ReadonlySet<string> | null;
  groups: ReadonlySet<string> | null;
}

export function litOf(ring: Ring, pointed: Pointed, matching: ReadonlySet<string> | null): Lit {
  if (!pointed && !matching) return { links: null, arcs: null, groups: null };
  const groupOf = new Map(ring.arcs.map((arc) => [arc.id, arc.group]));
  const touches = (link: Link) => {
    if (!pointed) return true;
    if (pointed.type === 'link') return link.id === pointed.id;
    const ends = [link.source, link.target];
    return ends.some((end) => (pointed.type === 'arc' ? end : groupOf.get(end)) === pointed.id);
  };
  const links = ring.links.filter((link) => touches(link) && (pointed || (matching?.has(link.edge) ?? true)));
  const arcs = new Set(links.flatMap(({ source, target }) => [source, target]));
  if (pointed?.type === 'arc') arcs.add(pointed.id);
  const groups = new Set([...arcs].flatMap((id) => groupOf.get(id) ?? []));
  return { links: new Set(links.map(({ id }) => id)), arcs, groups };
}

export const chooses = (selection: Selection | null, type: Selection['type'], id: string): boolean =>
  selection?.type === type && selection.id === id;

/** A link with what flows the other way, and under the other verdict: all that is between the two. */
export function siblings(ring: Ring, link: Link): Link[] {
  const same = (each: Link) =>
    (each.source === link.source && each.target === link.target) ||
    (each.source === link.target && each.target === link.source);
  const rank = (each: Link) => (each.id === link.id ? 0 : each.source === link.source ? 1 : 2);
  return ring.links.filter(same).sort((a, b) => rank(a) - rank(b) || (a.id < b.id ? -1 : 1));
}

/** The links of an arc, denied ones first, then by volume: the order in which `[` and `]` walk. */
export function linksOf(ring: Ring, arc: string, weight: (link: Link) => number): Link[] {
  return ring.links
    .filter(({ source, target }) => source === arc || target === arc)
    .sort(
      (a, b) =>
        Number(b.verdict === 'denied') - Number(a.verdict === 'denied') ||
        weight(b) - weight(a) ||
        (a.id < b.id ? -1 : 1),
    );
}
