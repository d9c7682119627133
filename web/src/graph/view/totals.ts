import type { Graph, GraphEdge } from '../../domain/graph';
import { addTraffic, NOTHING, type Traffic } from '../../domain/traffic';

/** What went in and out of a node. */
export interface Totals {
  allowed: Traffic;
  denied: Traffic;
  out: boolean;
  in: boolean;
  fresh: number;
  edges: number;
}

/** By the ids of nodes; an edge from a node to itself counts once, as going out. */
export function totalsOf(graph: Graph, fresh: ReadonlySet<string> | null): Map<string, Totals> {
  const totals = new Map<string, Totals>();
  const add = (id: string, edge: GraphEdge, way: 'in' | 'out') => {
    const sums = totals.get(id) ?? {
      allowed: NOTHING,
      denied: NOTHING,
      in: false,
      out: false,
      fresh: 0,
      edges: 0,
    };
    totals.set(id, {
      ...sums,
      allowed: addTraffic(sums.allowed, edge.allowed),
      denied: addTraffic(sums.denied, edge.denied),
      [way]: true,
      edges: sums.edges + 1,
      fresh: sums.fresh + (fresh?.has(edge.id) ? 1 : 0),
    });
  };
  for (const edge of graph.edges.values()) {
    add(edge.source, edge, 'out');
    if (edge.target !== edge.source) add(edge.target, edge, 'in');
  }
  return totals;
}
