import type { Compared } from '../domain/comparison';
import type { Graph, GraphEdge, GraphNode, NodeKind } from '../domain/graph';
import { isPlaced } from '../domain/names';
import type { Severity } from '../domain/severity';
import type { EdgeVerdict } from '../domain/traffic';
import type { Standing } from '../layers/standing';
import type { EdgeLabel } from './labels';

/** What the canvas draws: nodes and edges as seen, not as stored. */
export type ViewType = 'namespace' | 'group' | 'workload' | 'external';
export type Role = 'source' | 'target' | 'both';

export interface Pip {
  id: string;
  state: 'fine' | 'denied' | 'alert';
}

export interface ViewNode {
  id: string;
  nodeId: string;
  type: ViewType;
  kind: NodeKind;
  role: Role;
  /** As people read it, whole. */
  name: string;
  hash: string | null;
  /** Whether another with the same base name stands beside it, so that the hash must tell them apart. */
  ambiguous: boolean;
  namespace: string | null;
  cluster: string;
  parent: string | null;
  /** The words for kind and traffic below the name. */
  note: string;
  members: number;
  shown: number;
  pips: Pip[];
  denied: number;
  alert: { level: Severity; count: number } | null;
  /** Of the cluster's own, which stand below the rest. */
  infra: boolean;
  standing: Standing;
  isNew: boolean;
  /** What opens or closes where this is toggled: a namespace or a service. */
  toggles: string | null;
  /** Whether it shows its workloads one by one. */
  isOpen: boolean;
  /** Still waiting for its workloads. */
  pending: boolean;
}

export interface ViewEdge {
  id: string;
  source: string;
  target: string;
  edge: GraphEdge;
  verdict: EdgeVerdict;
  allowedWidth: number;
  deniedWidth: number;
  label: EdgeLabel;
  /** Steps back with a layer; never where something was denied or changed. */
  dimmed: boolean;
  isNew: boolean;
  alert: Severity | null;
  /** What became of it, where it is compared with an earlier range. */
  change: Compared | null;
}

export interface View {
  nodes: ViewNode[];
  edges: ViewEdge[];
  /** Traffic within one drawn node, which has no line. */
  inner: GraphEdge[];
}

export const RECEIVES = '>';

/** The domain's id behind a drawn node. */
export const nodeIdOf = (viewId: string): string =>
  viewId.endsWith(RECEIVES) ? viewId.slice(0, -1) : viewId;

export const isExternal = (node: GraphNode): boolean => node.kind !== 'NAMESPACE' && node.parentId === null;

/** Networks, sets and domains are drawn once as callers, at the left, and once as called, at the right. */
export const splits = (node: GraphNode): boolean =>
  isExternal(node) && node.kind !== 'HOST' && !isPlaced(node.kind);

export function viewIdOf(graph: Pick<Graph, 'nodes'>, id: string, as: 'source' | 'target'): string {
  const node = graph.nodes.get(id);
  return node && splits(node) && as === 'target' ? id + RECEIVES : id;
}

/** Nodes that look the same keep their identity, so that a refresh redraws only what changed. */
export function reuse(before: View | null, next: View): View {
  if (!before) return next;
  const known = new Map(before.nodes.map((node) => [node.id, node]));
  const nodes = next.nodes.map((node) => {
    const was = known.get(node.id);
    return was && JSON.stringify(was) === JSON.stringify(node) ? was : node;
  });
  return { ...next, nodes };
}
