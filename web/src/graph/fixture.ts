import type { Graph, GraphEdge, GraphNode, NodeKind } from '../domain/graph';
import { NOTHING } from '../domain/traffic';
import { INFRA } from '../layers/layer';
import { standings } from '../layers/standing';
import { buildView } from './build-view';
import { Members } from './groups';
import { labelling } from './labels';
import type { View } from './view';
import type { ViewOptions } from './view/options';

/** Small graphs for tests, written as `a>b` (allowed), `a!b` (denied), `a~b` (both). */
export function graphOf(edges: string[], kinds: Record<string, [NodeKind, string?]> = {}): Graph {
  const nodes = new Map<string, GraphNode>();
  const put = (id: string) => {
    const [kind, parent] = kinds[id] ?? ['NAMESPACE'];
    const namespace = kind === 'NAMESPACE' ? id : (parent ?? null);
    nodes.set(id, {
      id,
      kind,
      name: id,
      namespace,
      cluster: 'c',
      parentId: parent ?? null,
      members: kind === 'NAMESPACE' ? 3 : null,
    });
  };
  const some = (connections: number) => ({
    records: 1,
    connections,
    packets: 10 * connections,
    bytes: 1000 * connections,
    estimated: false,
  });
  const list = edges.map((text): GraphEdge => {
    const [, source = '', sign = '', target = ''] = /^(.+?)([>!~])(.+)$/.exec(text) ?? [];
    put(source);
    put(target);
    return {
      id: `${source}-${target}`,
      source,
      target,
      allowed: sign === '!' ? NOTHING : some(100),
      denied: sign === '>' ? NOTHING : some(7),
    };
  });
  return {
    nodes,
    edges: new Map(list.map((edge) => [edge.id, edge])),
    from: '2026-11-23T14:00:00Z',
    to: '2026-11-23T14:30:00Z',
    asOf: '2026-11-23T14:30:00Z',
    truncated: false,
    stale: false,
  };
}

/** Services of namespace n in front of workloads there. */
export const withServices = (graph: Graph, told: Record<string, string[]>): Graph => ({
  ...graph,
  nodes: new Map(
    [...graph.nodes].map(([id, node]) => {
      const workloads = (told[id] ?? []).map((name) => ({ namespace: 'n', name }));
      const services = [{ namespace: 'n', name: id }];
      return [id, told[id] ? { ...node, members: workloads.length, services, workloads } : node];
    }),
  ),
});

export function viewOf(graph: Graph, options: Partial<ViewOptions> = {}): View {
  return buildView(graph, {
    measure: 'connections',
    label: labelling(null, options.measure ?? 'connections', 1800, null),
    seconds: 1800,
    level: 'NAMESPACE',
    open: new Set(),
    members: new Members(null),
    alerts: [],
    fresh: null,
    standing: standings([{ layer: INFRA, state: 'dimmed' }]),
    dimmed: new Set(),
    ...options,
  });
}
