import { edges, type FixtureEdge, type FixtureNode, nodes } from './cluster';

export const STARTED = Date.now();

export interface Counters {
  records: number;
  connections: number;
  packets: number;
  bytes: number;
}

/** How much of an edge a window saw; denied edges began 25 minutes ago, late ones after the start. */
export function seconds(edge: FixtureEdge, from: number, to: number): number {
  const born =
    edge.after >= 0 ? STARTED + edge.after * 1000 : edge.verdict === 'deny' ? STARTED - 25 * 60_000 : 0;
  return Math.max(0, (Math.min(to, Date.now()) - Math.max(from, born)) / 1000);
}

export function counters(edge: FixtureEdge, from: number, to: number): Counters {
  const time = seconds(edge, from, to);
  const connections = Math.round(edge.cps * time);
  return {
    records: Math.ceil(connections / 4),
    connections,
    packets: Math.round(connections * 9.4),
    bytes: Math.round(edge.bps * time),
  };
}

export function traffic(sum: Counters) {
  return {
    records: String(sum.records),
    connections: String(sum.connections),
    packets: String(sum.packets),
    packetsIn: String(Math.round(sum.packets / 2)),
    packetsOut: String(Math.round(sum.packets / 2)),
    bytesIn: String(Math.round(sum.bytes * 0.6)),
    bytesOut: String(Math.round(sum.bytes * 0.4)),
    bytesToTarget: String(Math.round(sum.bytes * 0.6)),
    bytesToSource: String(Math.round(sum.bytes * 0.4)),
    estimated: false,
  };
}

const zero = (): Counters => ({ records: 0, connections: 0, packets: 0, bytes: 0 });
export const add = (a: Counters, b: Counters): Counters => ({
  records: a.records + b.records,
  connections: a.connections + b.connections,
  packets: a.packets + b.packets,
  bytes: a.bytes + b.bytes,
});

export const edgeId = (source: string, target: string) => `${source}.${target}`;

/** A very small KQL: enough to see filters work on the page. */
export function matches(edge: FixtureEdge, filter: string | null | undefined): boolean {
  if (!filter) return true;
  if (/action\s*:\s*"?deny/.test(filter) && !/not\s+action/.test(filter) && edge.verdict !== 'deny')
    return false;
  if (/not\s+action\s*:\s*"?deny/.test(filter) && edge.verdict === 'deny') return false;
  const source = nodes.get(edge.source) as FixtureNode;
  const target = nodes.get(edge.target) as FixtureNode;
  const port = /dest_port\s*:\s*(\d+)/.exec(filter);
  if (port && edge.port !== Number(port[1])) return false;
  const ends = (side: string, node: FixtureNode) => {
    const space = new RegExp(`${side}_namespace\\s*:\\s*"([^"]+)"`).exec(filter);
    const name = new RegExp(`${side}_name_aggr\\s*:\\s*"([^"]+)"`).exec(filter);
    return (!space || node.namespace === space[1]) && (!name || node.name === name[1]);
  };
  if (/\) or \(/.test(filter)) return ends('source', source) || ends('dest', target);
  return ends('source', source) && ends('dest', target);
}

export function fold(id: string, level: string, expand: readonly string[] | null | undefined): string {
  const node = nodes.get(id) as FixtureNode;
  return level === 'WORKLOAD' || !node.parentId || expand?.includes(node.parentId) ? id : node.parentId;
}

export interface Asked {
  from: number;
  to: number;
  level: string;
  expand?: readonly string[] | null;
  filter?: string | null;
}

export function build({ from, to, level, expand, filter }: Asked) {
  const found = new Map<
    string,
    { id: string; source: string; target: string; allowed: Counters; denied: Counters }
  >();
  for (const edge of edges) {
    if (seconds(edge, from, to) === 0 || !matches(edge, filter)) continue;
    const [source, target] = [fold(edge.source, level, expand), fold(edge.target, level, expand)];
    const id = edgeId(source, target);
    const sum = found.get(id) ?? { id, source, target, allowed: zero(), denied: zero() };
    const key = edge.verdict === 'deny' ? 'denied' : 'allowed';
    sum[key] = add(sum[key], counters(edge, from, to));
    found.set(id, sum);
  }
  const list = [...found.values()].filter((edge) => edge.allowed.records + edge.denied.records > 0);
  const ids = [...new Set(list.flatMap((edge) => [edge.source, edge.target]))];
  return { nodes: ids.map((id) => nodes.get(id) as FixtureNode), edges: list };
}

export function columns(graph: ReturnType<typeof build>) {
  const at = new Map(graph.nodes.map((node, index) => [node.id, index]));
  const column = <T, V>(rows: readonly T[], read: (row: T) => V) => rows.map(read);
  const counters = (key: 'allowed' | 'denied') => {
    const rows = graph.edges.map((edge) => traffic(edge[key]));
    const names = Object.keys(traffic(zero())) as (keyof ReturnType<typeof traffic>)[];
    return Object.fromEntries(
      names.map((name) => [
        name,
        rows.map((row) => (typeof row[name] === 'string' ? Number(row[name]) : row[name])),
      ]),
    );
  };
  return {
    nodes: {
      id: column(graph.nodes, (n) => n.id),
      kind: column(graph.nodes, (n) => n.kind),
      name: column(graph.nodes, (n) => n.name),
      namespace: column(graph.nodes, (n) => n.namespace),
      cluster: column(graph.nodes, (n) => n.cluster),
      parentId: column(graph.nodes, (n) => n.parentId),
      members: column(graph.nodes, (n) => n.members),
    },
    edges: {
      id: column(graph.edges, (e) => e.id),
      source: column(graph.edges, (e) => at.get(e.source)),
      target: column(graph.edges, (e) => at.get(e.target)),
      allowed: counters('allowed'),
      denied: counters('denied'),
    },
  };
}
