import type { Graph, GraphEdge } from '../../domain/graph';
import { verdictOf } from '../../domain/traffic';
import { type View, type ViewEdge, type ViewNode, viewIdOf } from '../view';
import { widthOf } from '../widths';
import { alertsByEdge } from './alerts';
import type { ViewOptions } from './options';

/** The lines between nodes that are drawn, and the traffic within one of them, which has none. */
export function linesOf(
  graph: Graph,
  nodes: readonly ViewNode[],
  options: ViewOptions,
): Pick<View, 'edges' | 'inner'> {
  const drawn = new Set(nodes.map((node) => node.id));
  const quiet = new Set(nodes.filter(({ standing }) => standing.state === 'dimmed').map((node) => node.id));
  const alerts = alertsByEdge(options.alerts);
  const edges: ViewEdge[] = [];
  const inner: GraphEdge[] = [];
  for (const edge of graph.edges.values()) {
    const source = viewIdOf(graph, edge.source, 'source');
    const target = viewIdOf(graph, edge.target, 'target');
    if (source === target) {
      inner.push(edge);
      // Nothing denied goes unseen, so that traffic gets its line even within one node.
      if (edge.denied.records === 0) continue;
    }
    if (!drawn.has(source) || !drawn.has(target)) continue;
    const isQuiet = options.dimmed.has(edge.id) || quiet.has(source) || quiet.has(target);
    edges.push({
      ...lineOf(edge, isQuiet, options),
      source,
      target,
      alert: alerts.get(edge.id) ?? null,
    });
  }
  return { edges, inner };
}

/** How a line looks by what its edge carries and by what became of it. */
function lineOf(
  edge: GraphEdge,
  isQuiet: boolean,
  options: ViewOptions,
): Omit<ViewEdge, 'source' | 'target' | 'alert'> {
  const { measure, seconds } = options;
  const change = options.changes?.get(edge.id) ?? null;
  // What is gone looks as it was; its numbers are the present's.
  const looks = change?.change === 'GONE' ? change : edge;
  return {
    id: edge.id,
    edge,
    verdict: verdictOf(looks.allowed, looks.denied),
    allowedWidth: widthOf(looks.allowed, measure, seconds),
    deniedWidth: Math.max(1.75, Math.min(4, widthOf(looks.denied, measure, seconds))),
    label: options.label(edge),
    dimmed: isQuiet && edge.denied.records === 0 && !change,
    isNew: options.fresh?.has(edge.id) ?? false,
    change,
  };
}
