import type { Alert } from '../domain/alert';
import type { Graph, GraphNode } from '../domain/graph';
import type { Pip } from './view';

export interface Group {
  node: GraphNode;
  members: number;
  shown: number;
  pending: boolean;
  known: GraphNode[];
}

/** Who lives in which namespace, read from a workload-level graph of the same range. */
export class Members {
  private readonly byParent = new Map<string, GraphNode[]>();
  private readonly denied = new Set<string>();

  constructor(workloads: Graph | null) {
    for (const node of workloads?.nodes.values() ?? []) {
      if (!node.parentId) continue;
      const list = this.byParent.get(node.parentId) ?? [];
      list.push(node);
      this.byParent.set(node.parentId, list);
    }
    for (const list of this.byParent.values()) list.sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const edge of workloads?.edges.values() ?? []) {
      if (edge.denied.records === 0) continue;
      this.denied.add(edge.source);
      this.denied.add(edge.target);
    }
  }

  of(namespaceId: string): GraphNode[] {
    return this.byParent.get(namespaceId) ?? [];
  }

  /** A namespace by its id, known from whoever lives in it: an open one is no node of its own. */
  namespace(id: string): GraphNode | undefined {
    const [first] = this.of(id);
    if (!first) return undefined;
    const name = first.namespace ?? first.name;
    return {
      ...first,
      id,
      kind: 'NAMESPACE',
      name,
      namespace: name,
      parentId: null,
      members: this.of(id).length,
    };
  }

  find(id: string): GraphNode | undefined {
    return this.all().find((node) => node.id === id);
  }

  all(): GraphNode[] {
    return [...this.byParent.values()].flat();
  }

  pips(namespace: GraphNode, alerts: readonly Alert[]): Pip[] {
    const known = this.of(namespace.id);
    if (!known.length) {
      return Array.from({ length: namespace.members ?? 0 }, (_, at) => ({ id: `${at}`, state: 'fine' }));
    }
    const alerted = new Set(
      alerts
        .filter(({ status, level }) => status === 'OPEN' && (level === 'CRITICAL' || level === 'HIGH'))
        .map((a) => a.source?.id),
    );
    return known.map((node) => ({
      id: node.id,
      state: alerted.has(node.id) ? 'alert' : this.denied.has(node.id) ? 'denied' : 'fine',
    }));
  }
}

/** The namespaces that are open, each with who is shown in it. */
export function groupsOf(
  graph: Graph,
  open: ReadonlySet<string>,
  members: Members,
): { parents: Map<string, string>; groups: Group[] } {
  const children = new Map<string, GraphNode[]>();
  for (const node of graph.nodes.values()) {
    if (!node.parentId || node.kind === 'NAMESPACE') continue;
    const list = children.get(node.parentId) ?? [];
    list.push(node);
    children.set(node.parentId, list);
  }
  const parents = new Map<string, string>();
  const groups: Group[] = [];
  for (const [id, list] of children) {
    for (const child of list) parents.set(child.id, id);
    const known = members.of(id).length;
    const shown = list.reduce((sum, node) => sum + (node.kind === 'SERVICE' ? (node.members ?? 0) : 1), 0);
    groups.push({
      node: namespaceOf(graph, id, list),
      members: Math.max(known, shown),
      shown,
      pending: false,
      known: [],
    });
  }
  for (const id of open) {
    const node = graph.nodes.get(id);
    if (children.has(id) || node?.kind !== 'NAMESPACE') continue;
    const known = members.of(id);
    groups.push({
      node,
      members: Math.max(known.length, node.members ?? 0),
      shown: known.length,
      pending: true,
      known,
    });
  }
  groups.sort((a, b) => (a.node.name < b.node.name ? -1 : 1));
  return { parents, groups };
}

/** The server leaves an opened namespace out of its answer; its workloads still say where they live. */
function namespaceOf(graph: Graph, id: string, children: GraphNode[]): GraphNode {
  const known = graph.nodes.get(id);
  const first = children[0] as GraphNode;
  const name = first.namespace ?? first.name;
  return (
    known ?? {
      id,
      kind: 'NAMESPACE',
      name,
      namespace: name,
      cluster: first.cluster,
      parentId: null,
      members: null,
    }
  );
}
