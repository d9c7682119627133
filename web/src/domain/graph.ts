import { type EdgeVerdict, type Traffic, verdictOf } from './traffic';

export type NodeKind = 'NAMESPACE' | 'SERVICE' | 'WORKLOAD' | 'HOST' | 'NETWORK_SET' | 'NETWORK' | 'FQDN';

export interface GraphNode {
  id: string;
  kind: NodeKind;
  name: string;
  namespace: string | null;
  cluster: string;
  parentId: string | null;
  members: number | null;
  /** Of a service all that share its workloads; of a workload that an opened service shows, those before it. */
  services?: readonly PlaceName[];
  /** Of a service, the workloads behind it. */
  workloads?: readonly PlaceName[];
  /** Of a workload that an opened service shows, that service. */
  serviceId?: string | null;
}

export interface PlaceName {
  namespace: string | null;
  name: string;
}

/** How far the graph is folded. */
export type Level = 'NAMESPACE' | 'SERVICE' | 'WORKLOAD';

/** The workloads behind a service, as nodes without ids of their own. */
export function behind(node: GraphNode): GraphNode[] {
  if (node.kind !== 'SERVICE') return [];
  return (node.workloads ?? []).map((each) => ({
    ...{ id: '', kind: 'WORKLOAD', cluster: node.cluster, parentId: null, members: null },
    ...each,
  }));
}

export interface GraphEdge {
  id: string;
  source: string;
  target: string;
  allowed: Traffic;
  denied: Traffic;
}

/** The service graph as the server resolved it, keyed by id. */
export interface Graph {
  nodes: ReadonlyMap<string, GraphNode>;
  edges: ReadonlyMap<string, GraphEdge>;
  from: string;
  to: string;
  asOf: string;
  truncated: boolean;
  stale: boolean;
}

export interface GraphChange {
  asOf: string;
  from: string;
  to: string;
  nodes: GraphNode[];
  edges: GraphEdge[];
  removed: string[];
}

export const edgeVerdict = (edge: GraphEdge): EdgeVerdict => verdictOf(edge.allowed, edge.denied);

/** Applies a live change; entries that did not change keep their identity. */
export function applyChange(graph: Graph, change: GraphChange): Graph {
  const nodes = new Map(graph.nodes);
  const edges = new Map(graph.edges);
  for (const id of change.removed) {
    nodes.delete(id);
    edges.delete(id);
  }
  for (const node of change.nodes) {
    const known = nodes.get(node.id);
    nodes.set(node.id, known && sameNode(known, node) ? known : node);
  }
  for (const edge of change.edges) edges.set(edge.id, edge);
  return { ...graph, nodes, edges, asOf: change.asOf, from: change.from, to: change.to };
}

function sameNode(a: GraphNode, b: GraphNode): boolean {
  const told = ({ name, kind, parentId, members, services, workloads, serviceId }: GraphNode) =>
    JSON.stringify([name, kind, parentId, members, services, workloads, serviceId]);
  return told(a) === told(b);
}

export interface Ends {
  incoming: GraphEdge[];
  outgoing: GraphEdge[];
}

/** The edges of one node, or of everything inside a namespace. */
export function edgesOf(graph: Graph, inside: (id: string) => boolean): Ends {
  const incoming: GraphEdge[] = [];
  const outgoing: GraphEdge[] = [];
  for (const edge of graph.edges.values()) {
    if (inside(edge.source)) outgoing.push(edge);
    else if (inside(edge.target)) incoming.push(edge);
  }
  return { incoming, outgoing };
}
