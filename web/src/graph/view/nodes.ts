import type { Graph, GraphNode } from '../../domain/graph';
import { isPlaced } from '../../domain/names';
import { attempts } from '../../domain/traffic';
import { type Group, groupsOf } from '../groups';
import { isExternal, RECEIVES, type Role, splits, type ViewNode, type ViewType } from '../view';
import { alertsByNode } from './alerts';
import { blank, togglesOf } from './blank';
import { noteOf } from './note';
import type { ViewOptions } from './options';
import { type Totals, totalsOf } from './totals';

/** Boxes of opened namespaces, then what the graph has, then workloads that are still waited for. */
export function nodesOf(graph: Graph, options: ViewOptions): ViewNode[] {
  const totals = totalsOf(graph, options.fresh);
  const alerts = alertsByNode(graph, options.alerts);
  const { parents, groups } = groupsOf(graph, options.open, options.members);
  const boxed = new Set(groups.map((group) => group.node.id));
  const single = [...graph.nodes.values()].filter((node) => !boxed.has(node.id));
  return [
    ...groups.map((group) => ({ ...boxOf(group, options), alert: alerts.get(group.node.id) ?? null })),
    ...single.flatMap((node) => {
      const parent = parents.get(node.id) ?? null;
      const alert = alerts.get(node.id) ?? null;
      return drawn(node, totals.get(node.id), options).map((each) => ({ ...each, parent, alert }));
    }),
    ...groups.filter((group) => group.pending).flatMap((group) => awaited(group, options)),
  ];
}

/** An opened namespace, around those who live in it. */
const boxOf = ({ node, members, shown, pending }: Group, options: ViewOptions): ViewNode => ({
  ...blank(node, 'group', 'both', options),
  isOpen: options.level !== 'SERVICE' || options.open.has(node.id),
  members,
  shown,
  note: `${shown} of ${members}`,
  pending,
});

/** A node of the graph once, or once for each role that it has. */
function drawn(node: GraphNode, sums: Totals | undefined, options: ViewOptions): ViewNode[] {
  const type = typeOf(node);
  const roles: Role[] = splits(node) ? rolesOf(sums) : ['both'];
  return roles.map((role) => ({
    ...blank(node, type, role, options),
    id: role === 'target' ? node.id + RECEIVES : node.id,
    toggles: togglesOf(node, type, options),
    note: noteOf(node, role, sums, options.seconds),
    pips: node.kind === 'NAMESPACE' ? options.members.pips(node, options.alerts) : [],
    denied: sums ? attempts(sums.denied) : 0,
    isNew: Boolean(sums && sums.edges > 0 && sums.fresh === sums.edges && options.fresh),
  }));
}

/** Who lives in a namespace that was just opened, until the graph says so. */
const awaited = ({ node, known }: Group, options: ViewOptions): ViewNode[] =>
  known.map((each) => ({ ...blank(each, 'workload', 'both', options), parent: node.id, pending: true }));

function typeOf(node: GraphNode): ViewType {
  if (node.kind === 'NAMESPACE') return 'namespace';
  return isExternal(node) && !isPlaced(node.kind) ? 'external' : 'workload';
}

function rolesOf(sums: Totals | undefined): Role[] {
  if (!sums) return ['source'];
  return [...(sums.out ? (['source'] as const) : []), ...(sums.in ? (['target'] as const) : [])];
}
