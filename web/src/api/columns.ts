import type { Compared, EdgeChange } from '../domain/comparison';
import type { Graph, GraphEdge, GraphNode, NodeKind, PlaceName } from '../domain/graph';
import { readTraffic, type Traffic } from '../domain/traffic';

type Column<T> = (T | null)[];
type CounterColumns = Partial<Record<string, (number | string | boolean | null)[]>>;

/** The `ServiceGraphColumns` scalar: parallel columns, `source` and `target` index the nodes. */
export interface ServiceGraphColumns {
  nodes: {
    id: string[];
    kind: NodeKind[];
    name: string[];
    namespace: Column<string>;
    cluster: string[];
    parentId: Column<string>;
    members: Column<number>;
    services?: Column<[string | null, string][]>;
    workloads?: Column<[string | null, string][]>;
    serviceId?: Column<string>;
  };
  edges: {
    id: string[];
    source: number[];
    target: number[];
    allowed: CounterColumns;
    denied: CounterColumns;
  };
}

function trafficAt(columns: CounterColumns, at: number): Traffic {
  const row: Record<string, number | string | boolean | null> = {};
  for (const [name, column] of Object.entries(columns)) row[name] = column?.[at] ?? null;
  return readTraffic(row as Parameters<typeof readTraffic>[0]);
}

/** The `GraphComparisonColumns` scalar: those of what is now, and how each edge got there. */
export interface GraphComparisonColumns extends ServiceGraphColumns {
  edges: ServiceGraphColumns['edges'] & {
    before: { allowed: CounterColumns; denied: CounterColumns };
    change: EdgeChange[];
    ratio: Column<number>;
  };
}

/** What the edges were, and what became of them. */
export function readCompared(columns: GraphComparisonColumns): Compared[] {
  const { id, before, change, ratio } = columns.edges;
  return id.map((edge, at) => ({
    id: edge,
    change: change[at] ?? 'SAME',
    ratio: ratio[at] ?? null,
    allowed: trafficAt(before.allowed, at),
    denied: trafficAt(before.denied, at),
  }));
}

const placesAt = (column: Column<[string | null, string][]> | undefined, at: number): PlaceName[] =>
  (column?.[at] ?? []).map(([namespace, name]) => ({ namespace, name }));

export function readColumns(columns: ServiceGraphColumns): Pick<Graph, 'nodes' | 'edges'> {
  const { nodes: n, edges: e } = columns;
  const list: GraphNode[] = n.id.map((id, at) => ({
    id,
    kind: n.kind[at] ?? 'WORKLOAD',
    name: n.name[at] ?? '',
    namespace: n.namespace[at] ?? null,
    cluster: n.cluster[at] ?? '',
    parentId: n.parentId[at] ?? null,
    members: n.members[at] ?? null,
    services: placesAt(n.services, at),
    workloads: placesAt(n.workloads, at),
    serviceId: n.serviceId?.[at] ?? null,
  }));
  const edges = new Map<string, GraphEdge>();
  e.id.forEach((id, at) => {
    const source = list[e.source[at] ?? -1];
    const target = list[e.target[at] ?? -1];
    if (!source || !target) return;
    edges.set(id, {
      id,
      source: source.id,
      target: target.id,
      allowed: trafficAt(e.allowed, at),
      denied: trafficAt(e.denied, at),
    });
  });
  return { nodes: new Map(list.map((node) => [node.id, node])), edges };
}
