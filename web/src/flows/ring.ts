/** What the ring is made of: who stands in it, in which groups, and what flowed between whom. */
import type { Graph, GraphEdge, GraphNode, NodeKind } from '../domain/graph';
import { displayName, splitHash } from '../domain/names';
import type { Status } from '../domain/ring-state';
import { addTraffic, NOTHING, type Traffic } from '../domain/traffic';
import { focusOf, type Step } from './zoom';

export interface Arc {
  id: string;
  group: string;
  kind: NodeKind | 'PORT';
  name: string;
  allowed: Traffic;
  denied: Traffic;
}

export interface Group {
  id: string;
  name: string;
  /** The namespace behind it; null of what is outside of all. */
  namespace: string | null;
  /** A colour role that means nothing by itself. */
  colour: string;
}

/** What went one way under one verdict. A mixed edge is two of them. */
export interface Link {
  id: string;
  edge: string;
  source: string;
  target: string;
  verdict: 'allowed' | 'denied';
  traffic: Traffic;
}

export interface Ring {
  groups: Group[];
  arcs: Arc[];
  links: Link[];
}

export const OUTSIDE = 'outside';
export const HOSTS = 'hosts';
/** None of them near the colours of a denial or an alert. */
const COLOURS = ['c1', 'c2', 'c3', 'c4', 'c5', 'c7', 'c8'];
const NEUTRAL = 'pass';

/** By name, then by id, so that a refresh moves nobody. */
export const byName = (a: { name: string; id: string }, b: { name: string; id: string }): number =>
  a.name < b.name ? -1 : a.name > b.name ? 1 : a.id < b.id ? -1 : a.id > b.id ? 1 : 0;

export function groupOf(node: GraphNode): string {
  if (node.kind === 'NAMESPACE') return node.id;
  return node.parentId ?? (node.kind === 'HOST' ? HOSTS : OUTSIDE);
}

/** Every group of the graph with its colour, whatever the ring shows of it: colours outlive a zoom. */
export function groupsOf(graph: Graph): Map<string, Group> {
  const named = new Map<string, { id: string; name: string }>();
  let [hosts, outside] = [false, false];
  for (const node of graph.nodes.values()) {
    const id = groupOf(node);
    if (id === HOSTS) hosts = true;
    else if (id === OUTSIDE) outside = true;
    else named.set(id, { id, name: displayName('NAMESPACE', node.namespace ?? node.name) });
  }
  const groups = [...named.values()].sort(byName).map(
    ({ id, name }, at): Group => ({
      id,
      name,
      namespace: id,
      colour: COLOURS[at % COLOURS.length] as string,
    }),
  );
  const loose = (id: string, name: string): Group => ({ id, name, namespace: null, colour: NEUTRAL });
  if (hosts) groups.push(loose(HOSTS, 'Hosts'));
  if (outside) groups.push(loose(OUTSIDE, 'Outside cluster'));
  return new Map(groups.map((group) => [group.id, group]));
}

/** The edges that the zoomed view is about. */
export function within(graph: Graph, steps: readonly Step[]): GraphEdge[] {
  const focus = focusOf(steps);
  const edges = [...graph.edges.values()];
  if (!focus) return edges;
  if (focus.type === 'edge') return edges.filter((edge) => edge.id === focus.id);
  const inside = (id: string) => {
    const node = graph.nodes.get(id);
    return id === focus.id || (focus.type === 'ns' && node !== undefined && groupOf(node) === focus.id);
  };
  return edges.filter((edge) => inside(edge.source) || inside(edge.target));
}

/** The graph with these of its edges, and whom they join. */
export function keeping(graph: Graph, ids: ReadonlySet<string>): Graph {
  const edges = [...graph.edges].filter(([id]) => ids.has(id));
  const ends = new Set(edges.flatMap(([, { source, target }]) => [source, target]));
  return { ...graph, edges: new Map(edges), nodes: new Map([...graph.nodes].filter(([id]) => ends.has(id))) };
}

export const shows = (status: Status, verdict: Link['verdict']): boolean =>
  status === 'all' || status === verdict;

/** Links and who they join; who has none is left out. */
export function buildRing(graph: Graph, steps: readonly Step[], status: Status): Ring {
  const links: Link[] = [];
  for (const edge of within(graph, steps)) {
    for (const verdict of ['allowed', 'denied'] as const) {
      const traffic = edge[verdict];
      if (!shows(status, verdict) || traffic.records === 0) continue;
      const { source, target } = edge;
      links.push({ id: `${edge.id} ${verdict}`, edge: edge.id, source, target, verdict, traffic });
    }
  }
  const arcs = new Map<string, Arc>();
  for (const link of links) {
    for (const id of new Set([link.source, link.target])) {
      const node = graph.nodes.get(id);
      if (node) arcs.set(id, add(arcs.get(id) ?? arcOf(node), link));
    }
  }
  return arranged(groupsOf(graph), shortened([...arcs.values()]), links);
}

/** Names without what Kubernetes appended, where that does not make two of a namespace the same. */
function shortened(arcs: readonly Arc[]): Arc[] {
  const baseOf = (arc: Arc) => (arc.kind === 'WORKLOAD' ? splitHash(arc.name).base : arc.name);
  const counts = new Map<string, number>();
  const key = (arc: Arc) => JSON.stringify([arc.group, baseOf(arc)]);
  for (const arc of arcs) counts.set(key(arc), (counts.get(key(arc)) ?? 0) + 1);
  return arcs.map((arc) => (counts.get(key(arc)) === 1 ? { ...arc, name: baseOf(arc) } : arc));
}

/** Groups in their order with the arcs of each by name, and only what the links join. */
export function arranged(groups: ReadonlyMap<string, Group>, arcs: Arc[], links: Link[]): Ring {
  const order = [...groups.keys()];
  const place = new Map(order.map((id, at) => [id, at]));
  const sorted = arcs.toSorted(
    (a, b) => (place.get(a.group) ?? 0) - (place.get(b.group) ?? 0) || byName(a, b),
  );
  const present = new Set(sorted.map((arc) => arc.group));
  const known = new Set(sorted.map((arc) => arc.id));
  return {
    groups: [...groups.values()].filter((group) => present.has(group.id)),
    arcs: sorted,
    links: links
      .filter(({ source, target }) => known.has(source) && known.has(target))
      .sort((a, b) => (a.id < b.id ? -1 : 1)),
  };
}

export const add = (arc: Arc, { verdict, traffic }: Link): Arc => ({
  ...arc,
  [verdict]: addTraffic(arc[verdict], traffic),
});

const arcOf = (node: GraphNode): Arc => ({
  id: node.id,
  group: groupOf(node),
  kind: node.kind,
  name: displayName(node.kind, node.name),
  allowed: NOTHING,
  denied: NOTHING,
});
