import type { Graph, GraphNode } from '../domain/graph';
import { displayName, inNamespace } from '../domain/names';
import type { Selection } from '../domain/url-state';
import { between, touching } from '../kql/build';

/** A selection as the flow table needs it: a condition, and words for its chip. */
export interface Chosen {
  filter: string | null;
  words: string | null;
}

const NOTHING: Chosen = { filter: null, words: null };

export function nameIn(node: GraphNode): string {
  const name = displayName(node.kind, node.name);
  return node.kind === 'WORKLOAD' ? inNamespace(node.namespace, name) : name;
}

export function chosenFlows(
  selection: Selection | null,
  graph: Graph | null,
  find: (id: string) => GraphNode | undefined,
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
  return { filter: between(source, target), words: `${nameIn(source)} to ${nameIn(target)}` };
}
