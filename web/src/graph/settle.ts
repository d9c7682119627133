import type { Graph, GraphNode } from '../domain/graph';
import { least, PLAIN, type Standing, stronger } from '../layers/standing';
import type { Members } from './groups';
import { type ViewNode, viewIdOf } from './view';

interface Options {
  standing: (node: GraphNode) => Standing;
  dimmed: ReadonlySet<string>;
  members: Members;
}

/**
 * From what layers say of names to what is drawn: a namespace stands as the strongest of those that live
 * in it, and a box as those that it holds; whoever outside deals with nobody else goes with its partners;
 * and so does a node all of whose edges are dimmed.
 */
export function settleStandings(graph: Graph, nodes: ViewNode[], options: Options): void {
  const inside = new Map<string, Standing[]>();
  for (const { parent, standing } of nodes) if (parent) note(inside, parent, standing);
  for (const node of nodes) {
    const held =
      node.type === 'group'
        ? (inside.get(node.nodeId) ?? [])
        : node.type === 'namespace'
          ? options.members.of(node.nodeId).map(options.standing)
          : [];
    if (held.length) node.standing = stronger(node.standing, least(held));
  }
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const partners = new Map<string, Standing[]>();
  const loud = new Set<string>();
  const meet = (id: string, other: string) => note(partners, id, byId.get(other)?.standing ?? PLAIN);
  for (const { id, source, target } of graph.edges.values()) {
    const [from, to] = [viewIdOf(graph, source, 'source'), viewIdOf(graph, target, 'target')];
    meet(from, to);
    meet(to, from);
    if (options.dimmed.has(id)) continue;
    loud.add(from);
    loud.add(to);
  }
  for (const node of nodes) {
    const dealt = partners.get(node.id);
    if (!dealt) continue;
    if (node.type === 'external') node.standing = stronger(node.standing, least(dealt));
    if (!loud.has(node.id)) node.standing = stronger(node.standing, QUIET);
  }
}

function note(under: Map<string, Standing[]>, id: string, standing: Standing): void {
  const list = under.get(id);
  if (list) list.push(standing);
  else under.set(id, [standing]);
}

const QUIET: Standing = { state: 'dimmed', layer: null };
