import type { Graph, GraphNode, Level } from '../domain/graph';
import { displayName, inNamespace, isPlaced } from '../domain/names';
import type { Selection } from '../domain/url-state';
import { allOf, between, touching } from '../kql/build';

/** A selection as the flow table needs it: a condition, and words for its chip. */
export interface Chosen {
  filter: string | null;
  words: string | null;
}

const NOTHING: Chosen = { filter: null, words: null };

export function nameIn(node: GraphNode): string {
  const name = displayName(node.kind, node.name);
  return isPlaced(node.kind) ? inNamespace(node.namespace, name) : name;
}

export function chosenFlows(
  selection: Selection | null,
  graph: Graph | null,
  find: (id: string) => GraphNode | undefined,
  level: Level = 'WORKLOAD',
): Chosen {
  if (!selection || !graph) return NOTHING;
  if (selection.type === 'node') {
    const node = graph.nodes.get(selection.id) ?? find(selection.id);
    return node ? { filter: touching(node), words: nameIn(node) } : NOTHING;
  }
  const edge = graph.edges.get(selection.id);
  const source = edge && graph.nodes.get(edge.source);
  const target = edge && graph.nodes.get(edge.target);
  if (!source || !target) return NOTHING;
  // What called a host or a network by a service is an edge to the service.
  const direct = level === 'SERVICE' && !isPlaced(target.kind) ? 'not dest_service_name : *' : null;
  return {
    filter: allOf([between(source, target), direct]),
    words: `${nameIn(source)} to ${nameIn(target)}`,
  };
}
