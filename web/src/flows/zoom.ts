/** How far the ring is entered: into a namespace, a name in it, one flow of that. Each step is a word of the address. */
import type { Graph, GraphNode } from '../domain/graph';
import { displayName } from '../domain/names';

export interface Step {
  type: 'ns' | 'node' | 'edge';
  id: string;
}

export function readSteps(words: readonly string[]): Step[] {
  const steps: Step[] = [];
  for (const word of words) {
    const [, type, id] = /^(ns|node|edge):(.+)$/s.exec(word) ?? [];
    if (type && id) steps.push({ type: type as Step['type'], id });
  }
  return steps;
}

export const writeSteps = (steps: readonly Step[]): string[] => steps.map(({ type, id }) => `${type}:${id}`);

export const focusOf = (steps: readonly Step[]): Step | null => steps.at(-1) ?? null;

/** Into a node: a namespace, or a name by way of its namespace. */
export function enter(steps: readonly Step[], node: GraphNode): Step[] {
  if (node.kind === 'NAMESPACE') return [{ type: 'ns', id: node.id }];
  const home: Step[] = node.parentId ? [{ type: 'ns', id: node.parentId }] : [];
  const next: Step[] = [...home, { type: 'node', id: node.id }];
  return focusOf(steps)?.id === node.id ? [...steps] : next;
}

export function enterEdge(steps: readonly Step[], id: string): Step[] {
  return [...steps.filter((step) => step.type !== 'edge'), { type: 'edge', id }];
}

/** What is asked so that the ring can be drawn: neighbours are folded by the API, not here. */
export function foldOf(
  steps: readonly Step[],
  crowded: boolean,
): { level: 'NAMESPACE' | 'WORKLOAD'; expand: string[] } {
  const home = steps.find((step) => step.type === 'ns');
  const focus = focusOf(steps);
  if (!crowded && focus?.type !== 'ns') return { level: 'WORKLOAD', expand: [] };
  return { level: 'NAMESPACE', expand: home ? [home.id] : [] };
}

/** An opened namespace is no node of the answer; whoever lives in it knows its name. */
export function namespaceIn(graph: Graph, id: string): GraphNode | null {
  const known = graph.nodes.get(id);
  if (known) return known;
  for (const node of graph.nodes.values()) {
    if (node.parentId !== id) continue;
    const name = node.namespace ?? node.name;
    return { ...node, id, kind: 'NAMESPACE', name, namespace: name, parentId: null, members: null };
  }
  return null;
}

export function nameOfStep(step: Step, graph: Graph | null): string {
  const nameOf = (id: string | undefined) => {
    const node = id === undefined ? null : graph?.nodes.get(id);
    return node ? displayName(node.kind, node.name) : 'unknown';
  };
  if (step.type === 'edge') {
    const edge = graph?.edges.get(step.id);
    return edge ? `${nameOf(edge.source)} → ${nameOf(edge.target)}` : 'Flow';
  }
  if (step.type === 'node') return graph?.nodes.has(step.id) ? nameOf(step.id) : 'Name';
  const namespace = graph && namespaceIn(graph, step.id);
  return namespace ? displayName('NAMESPACE', namespace.name) : 'Namespace';
}
