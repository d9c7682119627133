import type { Alert } from '../domain/alert';
import type { Compared } from '../domain/comparison';
import { behind, type Graph, type GraphEdge, type GraphNode, type Level } from '../domain/graph';
import { displayName, isPlaced, kindWord, splitHash } from '../domain/names';
import { SEVERITIES, type Severity } from '../domain/severity';
import { addTraffic, attempts, type Measure, NOTHING, type Traffic, verdictOf } from '../domain/traffic';
import { plural, rate, short } from '../domain/units';
import { belonging, INFRA } from '../layers/layer';
import { least, type Standing, stronger } from '../layers/standing';
import { groupsOf, type Members } from './groups';
import type { EdgeLabel } from './labels';
import { settleStandings } from './settle';
import {
  isExternal,
  RECEIVES,
  type Role,
  splits,
  type View,
  type ViewEdge,
  type ViewNode,
  viewIdOf,
} from './view';
import { widthOf } from './widths';

export interface ViewOptions {
  measure: Measure;
  label: (edge: GraphEdge) => EdgeLabel;
  seconds: number;
  level: Level;
  open: ReadonlySet<string>;
  /** Who lives in each namespace, where that is known beyond what the graph shows. */
  members: Members;
  alerts: readonly Alert[];
  /** Edges that the window before this one did not have; null where there is nothing to compare with. */
  fresh: ReadonlySet<string> | null;
  /** How strongly a node is drawn by its own name, as layers say. */
  standing: (node: GraphNode) => Standing;
  /** Edges whose flows are all of dimmed layers. */
  dimmed: ReadonlySet<string>;
  /** What became of edges beside an earlier range; null where nothing is compared. */
  changes?: ReadonlyMap<string, Compared> | null;
}

interface Totals {
  allowed: Traffic;
  denied: Traffic;
  out: boolean;
  in: boolean;
  fresh: number;
  edges: number;
}

const isInfra = belonging(INFRA);

/** From the graph as stored to the nodes and lines that are drawn. Pure: the same input, the same picture. */
export function buildView(graph: Graph, options: ViewOptions): View {
  const totals = sumByNode(graph, options.fresh);
  const alerts = alertsByNode(graph, options.alerts);
  const { parents, groups } = groupsOf(graph, options.open, options.members);
  const kindOf = (node: GraphNode) => (isExternal(node) && !isPlaced(node.kind) ? 'external' : 'workload');

  const nodes: ViewNode[] = groups.map((group) => ({
    ...blank(group.node, 'group', 'both', options),
    isOpen: options.level !== 'SERVICE' || options.open.has(group.node.id),
    members: group.members,
    shown: group.shown,
    note: `${group.shown} of ${group.members}`,
    pending: group.pending,
    alert: alerts.get(group.node.id) ?? null,
  }));
  for (const node of graph.nodes.values()) {
    if (groups.some((group) => group.node.id === node.id)) continue;
    const sums = totals.get(node.id);
    const roles: Role[] = splits(node) ? rolesOf(sums) : ['both'];
    for (const role of roles) {
      const type = node.kind === 'NAMESPACE' ? 'namespace' : kindOf(node);
      nodes.push({
        ...blank(node, type, role, options),
        id: role === 'target' ? node.id + RECEIVES : node.id,
        parent: parents.get(node.id) ?? null,
        toggles: togglesOf(node, type, options),
        members: node.members ?? 0,
        note: noteOf(node, role, sums, options.seconds),
        pips: node.kind === 'NAMESPACE' ? options.members.pips(node, options.alerts) : [],
        denied: sums ? attempts(sums.denied) : 0,
        alert: alerts.get(node.id) ?? null,
        isNew: Boolean(sums && sums.edges > 0 && sums.fresh === sums.edges && options.fresh),
      });
    }
  }
  for (const group of groups) {
    if (!group.pending) continue;
    for (const node of group.known) {
      nodes.push({ ...blank(node, 'workload', 'both', options), parent: group.node.id, pending: true });
    }
  }
  markAmbiguous(nodes);
  markInfraPartners(graph, nodes);
  settleStandings(graph, nodes, options);
  const keep = nodes.filter(({ standing }) => standing.state !== 'hidden');
  const drawn = new Set(keep.map((node) => node.id));
  const quiet = new Set(keep.filter(({ standing }) => standing.state === 'dimmed').map((node) => node.id));
  const levels = alertsByEdge(options.alerts);
  const edges: ViewEdge[] = [];
  const inner: GraphEdge[] = [];
  for (const edge of graph.edges.values()) {
    const source = viewIdOf(graph, edge.source, 'source');
    const target = viewIdOf(graph, edge.target, 'target');
    if (source === target) {
      inner.push(edge);
      // Nothing denied goes unseen, so that traffic gets its line even within one node.
      if (edge.denied.records === 0) continue;
    }
    if (!drawn.has(source) || !drawn.has(target)) continue;
    const change = options.changes?.get(edge.id) ?? null;
    const dim = options.dimmed.has(edge.id) || quiet.has(source) || quiet.has(target);
    // What is gone looks as it was; its numbers are the present's.
    const looks = change?.change === 'GONE' ? change : edge;
    edges.push({
      id: edge.id,
      source,
      target,
      edge,
      verdict: verdictOf(looks.allowed, looks.denied),
      allowedWidth: widthOf(looks.allowed, options.measure, options.seconds),
      deniedWidth: Math.max(1.75, Math.min(4, widthOf(looks.denied, options.measure, options.seconds))),
      label: options.label(edge),
      dimmed: dim && edge.denied.records === 0 && !change,
      isNew: options.fresh?.has(edge.id) ?? false,
      alert: levels.get(edge.id) ?? null,
      change,
    });
  }
  return { nodes: keep, edges, inner };
}

function blank(
  node: GraphNode,
  type: ViewNode['type'],
  role: Role,
  { standing }: Pick<ViewOptions, 'standing'>,
): ViewNode {
  const name = displayName(node.kind, node.name) + others(node);
  const split = node.kind === 'WORKLOAD' ? splitHash(name) : { base: name, hash: null };
  return {
    id: node.id,
    nodeId: node.id,
    type,
    kind: node.kind,
    role,
    name: split.base,
    hash: split.hash,
    ambiguous: false,
    namespace: node.namespace,
    cluster: node.cluster,
    parent: null,
    note: '',
    members: node.members ?? 0,
    shown: 0,
    pips: [],
    denied: 0,
    alert: null,
    infra: isInfra(node),
    standing: settled(node, standing),
    isNew: false,
    toggles: togglesOf(node, type, null),
    isOpen: false,
    pending: false,
  };
}

/** How many more services share the workloads of one. */
const others = ({ kind, services }: GraphNode): string =>
  kind === 'SERVICE' && services && services.length > 1 ? ` +${services.length - 1}` : '';

/** A service stands as its own name says, or as all workloads behind it do. */
function settled(node: GraphNode, standing: ViewOptions['standing']): Standing {
  const held = behind(node).map(standing);
  return held.length ? stronger(standing(node), least(held)) : standing(node);
}

function togglesOf(
  node: GraphNode,
  type: ViewNode['type'],
  options: Pick<ViewOptions, 'open'> | null,
): string | null {
  if (type === 'external') return null;
  if (type !== 'workload') return node.id;
  if (node.kind === 'SERVICE') return node.workloads?.length ? node.id : null;
  const service = node.serviceId;
  return service && options?.open.has(service) ? service : node.parentId;
}

function rolesOf(sums: Totals | undefined): Role[] {
  if (!sums) return ['source'];
  return [...(sums.out ? (['source'] as const) : []), ...(sums.in ? (['target'] as const) : [])];
}

function noteOf(node: GraphNode, role: Role, sums: Totals | undefined, seconds: number): string {
  const all = sums ? addTraffic(sums.allowed, sums.denied) : NOTHING;
  const pace =
    all.connections === null
      ? plural(all.records, 'record')
      : `${rate(all.connections, seconds, short)} conn`;
  const tidy = pace.replace(/\/(\w+) conn$/, ' conn/$1');
  if (node.kind === 'SERVICE') return `${plural(node.members ?? 0, 'workload')} · ${tidy}`;
  if (node.kind === 'NAMESPACE' || node.kind === 'WORKLOAD') return tidy;
  if (role === 'source') return node.kind === 'NETWORK' ? 'inbound' : kindWord(node.kind);
  if (node.parentId) return kindWord(node.kind);
  return `${kindWord(node.kind)} · ${tidy}`;
}

function sumByNode(graph: Graph, fresh: ReadonlySet<string> | null): Map<string, Totals> {
  const totals = new Map<string, Totals>();
  const add = (id: string, edge: GraphEdge, way: 'in' | 'out') => {
    const sums = totals.get(id) ?? {
      allowed: NOTHING,
      denied: NOTHING,
      in: false,
      out: false,
      fresh: 0,
      edges: 0,
    };
    totals.set(id, {
      ...sums,
      allowed: addTraffic(sums.allowed, edge.allowed),
      denied: addTraffic(sums.denied, edge.denied),
      [way]: true,
      edges: sums.edges + 1,
      fresh: sums.fresh + (fresh?.has(edge.id) ? 1 : 0),
    });
  };
  for (const edge of graph.edges.values()) {
    add(edge.source, edge, 'out');
    if (edge.target !== edge.source) add(edge.target, edge, 'in');
  }
  return totals;
}

const rank = (level: Severity) => SEVERITIES.indexOf(level);

const placeOf = ({ kind, cluster, namespace, name }: Omit<GraphNode, 'id' | 'parentId' | 'members'>) =>
  JSON.stringify([kind, cluster, namespace, name]);

/** Open alerts marked where their story starts: the source's node, or the service or namespace that hides it. */
function alertsByNode(
  graph: Graph,
  alerts: readonly Alert[],
): Map<string, { level: Severity; count: number }> {
  const marks = new Map<string, { level: Severity; count: number }>();
  const services = new Map<string, string>();
  for (const node of graph.nodes.values())
    for (const each of behind(node)) services.set(placeOf(each), node.id);
  for (const alert of alerts) {
    if (alert.status !== 'OPEN' || !alert.source) continue;
    const { id, parentId } = alert.source;
    const service = services.get(placeOf(alert.source));
    const shown = [id, service, parentId].find((each) => each && graph.nodes.has(each));
    if (!shown) continue;
    const mark = marks.get(shown);
    const level = mark && rank(mark.level) < rank(alert.level) ? mark.level : alert.level;
    marks.set(shown, { level, count: (mark?.count ?? 0) + 1 });
  }
  return marks;
}

function alertsByEdge(alerts: readonly Alert[]): Map<string, Severity> {
  const levels = new Map<string, Severity>();
  for (const alert of alerts) {
    if (alert.status !== 'OPEN' || !alert.edgeId) continue;
    const known = levels.get(alert.edgeId);
    if (!known || rank(alert.level) < rank(known)) levels.set(alert.edgeId, alert.level);
  }
  return levels;
}

function markAmbiguous(nodes: ViewNode[]): void {
  const seen = new Map<string, ViewNode[]>();
  for (const node of nodes) {
    if (!node.hash) continue;
    const key = `${node.parent}\n${node.name}`;
    seen.set(key, [...(seen.get(key) ?? []), node]);
  }
  for (const same of seen.values()) if (same.length > 1) for (const node of same) node.ambiguous = true;
}

/** Whoever outside deals with the infra layer alone belongs to it. */
function markInfraPartners(graph: Graph, nodes: ViewNode[]): void {
  const infra = new Set(nodes.filter((node) => node.infra).map((node) => node.nodeId));
  const deals = new Set<string>();
  for (const { source, target } of graph.edges.values()) {
    if (!infra.has(source)) deals.add(viewIdOf(graph, target, 'target'));
    if (!infra.has(target)) deals.add(viewIdOf(graph, source, 'source'));
  }
  for (const node of nodes) if (node.type === 'external' && !deals.has(node.id)) node.infra = true;
}
