/** The ring as lists: its groups, its arcs, and what is between them. Pure. */
import { type Measure, NOTHING, type Traffic } from '../domain/traffic';
import { sumOf } from './rates';
import type { Arc, Link, Ring } from './ring';
import type { Pointed } from './use-ring-pointing';

export interface Entry {
  id: string;
  name: string;
  note: string | null;
  kind: Arc['kind'];
  colour: string;
  allowed: Traffic;
  denied: Traffic;
  /** Of both verdicts; what is not counted weighs nothing. */
  weight: number;
  point: NonNullable<Pointed>;
  edge: string | null;
  namespace: string | null;
}

export type Entries = Record<'namespaces' | 'workloads' | 'paths', Entry[]>;

export function entriesOf(ring: Ring, measure: Measure): Entries {
  const groups = new Map(ring.groups.map((group) => [group.id, group]));
  const arcs = new Map(ring.arcs.map((arc) => [arc.id, arc]));
  const colourOf = (arc: Arc | undefined) => groups.get(arc?.group ?? '')?.colour ?? 'pass';
  const amount = ({ allowed, denied }: { allowed: Traffic; denied: Traffic }) =>
    (allowed[measure] ?? 0) + (denied[measure] ?? 0);
  const sides = (links: readonly Link[]) => ({
    allowed: sumOf(links.filter(({ verdict }) => verdict === 'allowed').map(({ traffic }) => traffic)),
    denied: sumOf(links.filter(({ verdict }) => verdict === 'denied').map(({ traffic }) => traffic)),
  });

  const namespaces = ring.groups.map((group): Entry => {
    const inside = new Set(ring.arcs.filter((arc) => arc.group === group.id).map(({ id }) => id));
    const sums = sides(ring.links.filter(({ source, target }) => inside.has(source) || inside.has(target)));
    const point = { type: 'group', id: group.id } as const;
    const { id, name, colour, namespace } = group;
    return {
      id,
      name,
      note: null,
      kind: 'NAMESPACE',
      colour,
      ...sums,
      weight: amount(sums),
      point,
      edge: null,
      namespace,
    };
  });
  const workloads = ring.arcs.map((arc): Entry => {
    const group = groups.get(arc.group);
    const { id, name, kind, allowed, denied } = arc;
    return {
      ...{ id, name, kind, allowed, denied, colour: colourOf(arc), weight: amount(arc), edge: null },
      note: group && group.name !== name ? group.name : null,
      point: { type: 'arc', id },
      namespace: group?.namespace ?? null,
    };
  });
  const paths = new Map<string, Entry>();
  for (const link of ring.links) {
    const [source, target] = [arcs.get(link.source), arcs.get(link.target)];
    // One flow has a path for each of its ports, which is where they end.
    const id = `${link.edge} ${link.target}`;
    const known = paths.get(id) ?? {
      ...{
        id,
        kind: source?.kind ?? 'WORKLOAD',
        colour: colourOf(source),
        allowed: NOTHING,
        denied: NOTHING,
      },
      name: `${source?.name ?? 'unknown'} → ${target?.name ?? 'unknown'}`,
      ...{
        note: null,
        weight: 0,
        point: { type: 'link', id: link.id } as const,
        edge: link.edge,
        namespace: null,
      },
    };
    const sums = { ...known, [link.verdict]: sumOf([known[link.verdict], link.traffic]) };
    paths.set(id, { ...sums, weight: amount(sums) });
  }
  return {
    namespaces: ordered(namespaces),
    workloads: ordered(workloads),
    paths: ordered([...paths.values()]),
  };
}

const ordered = (entries: Entry[]): Entry[] =>
  entries.sort(
    (a, b) =>
      (b.denied.connections ?? b.denied.records) - (a.denied.connections ?? a.denied.records) ||
      b.weight - a.weight ||
      (a.id < b.id ? -1 : 1),
  );
