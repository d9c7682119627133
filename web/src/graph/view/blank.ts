import { behind, type GraphNode } from '../../domain/graph';
import { displayName, splitHash } from '../../domain/names';
import { belonging, INFRA } from '../../layers/layer';
import { least, type Standing, stronger } from '../../layers/standing';
import type { Role, ViewNode } from '../view';
import type { ViewOptions } from './options';

const isInfra = belonging(INFRA);

/** A drawn node as far as its own names tell it, with no word of traffic, alerts or others. */
export function blank(
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

/** What opens or closes where a node is toggled: a namespace, or the service that it was opened from. */
export function togglesOf(
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
