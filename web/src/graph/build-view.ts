import type { Graph } from '../domain/graph';
import { settleStandings } from './settle';
import type { View } from './view';
import { linesOf } from './view/lines';
import { markAmbiguous, markInfraPartners } from './view/marks';
import { nodesOf } from './view/nodes';
import type { ViewOptions } from './view/options';

/** From the graph as stored to the nodes and lines that are drawn. Pure: the same input, the same picture. */
export function buildView(graph: Graph, options: ViewOptions): View {
  const all = nodesOf(graph, options);
  markAmbiguous(all);
  markInfraPartners(graph, all);
  settleStandings(graph, all, options);
  const nodes = all.filter(({ standing }) => standing.state !== 'hidden');
  return { nodes, ...linesOf(graph, nodes, options) };
}
