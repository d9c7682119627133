import type { Graph } from '../../domain/graph';
import { type ViewNode, viewIdOf } from '../view';

/** Marks nodes whose base name another beside them has too. */
export function markAmbiguous(nodes: ViewNode[]): void {
  const seen = new Map<string, ViewNode[]>();
  for (const node of nodes) {
    if (!node.hash) continue;
    const key = `${node.parent}\n${node.name}`;
    seen.set(key, [...(seen.get(key) ?? []), node]);
  }
  for (const same of seen.values()) if (same.length > 1) for (const node of same) node.ambiguous = true;
}

/** Whoever outside deals with the infra layer alone belongs to it. */
export function markInfraPartners(graph: Graph, nodes: ViewNode[]): void {
  const infra = new Set(nodes.filter((node) => node.infra).map((node) => node.nodeId));
  const deals = new Set<string>();
  for (const { source, target } of graph.edges.values()) {
    if (!infra.has(source)) deals.add(viewIdOf(graph, target, 'target'));
    if (!infra.has(target)) deals.add(viewIdOf(graph, source, 'source'));
  }
  for (const node of nodes) if (node.type === 'external' && !deals.has(node.id)) node.infra = true;
}
