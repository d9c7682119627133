import type { GraphNode, NodeKind } from '../domain/graph';
import { displayName, plainName, splitHash, visible } from '../domain/names';
import { fitting, literally } from './pattern';

/** A layer as docs/layers.md describes it: nodes by their names, and flows by a filter. */
export interface LayerMember {
  kind: NodeKind;
  name: string;
  namespace: string | null;
  cluster: string | null;
}

export interface Layer {
  id: string;
  title: string;
  members: readonly LayerMember[];
  filter: string | null;
}

const named = (kind: NodeKind, name: string): LayerMember => ({ kind, name, namespace: null, cluster: null });

/** What runs the cluster rather than its applications. The address has a parameter of its own for it. */
export const INFRA: Layer = {
  id: 'infra',
  title: 'Infrastructure',
  members: [
    ...[
      'kube-*',
      'calico-*',
      'tigera-*',
      'cilium*',
      'istio-*',
      'gatekeeper*',
      'cert-manager*',
      'observability',
      'monitoring',
      'logging',
    ].map((name) => named('NAMESPACE', name)),
    named('HOST', '*'),
  ],
  filter: null,
};

/** Lookups in the cluster's DNS, which everybody makes. What is asked outside of the cluster is no part of it. */
export const DNS: Layer = {
  id: 'dns',
  title: 'Cluster DNS',
  members: [],
  filter: 'dest_port : 53 and not dest_type : (net or ns)',
};

/** Layers that are always there. */
export const isBuiltIn = (id: string): boolean => id === INFRA.id || id === DNS.id;

/** Whether a node is one of the layer's members. */
export function belonging({ members }: Layer): (node: GraphNode) => boolean {
  const tests = members.map(memberTest);
  return (node) => tests.some((test) => test(node));
}

function memberTest({ kind, name, namespace, cluster }: LayerMember): (node: GraphNode) => boolean {
  const fits = fitting(name);
  const inside = namespace === null ? null : fitting(namespace);
  const within = cluster === null ? null : fitting(cluster);
  return (node) => {
    if (within && !within(node.cluster)) return false;
    // A namespace brings all that lives in it.
    if (kind === 'NAMESPACE') {
      const home = node.kind === 'NAMESPACE' ? node.name : node.namespace;
      return home !== null && fits(home);
    }
    if (node.kind !== kind || (inside && !inside(node.namespace ?? ''))) return false;
    return fits(node.name) || (kind === 'WORKLOAD' && fits(splitHash(node.name).base));
  };
}

/** The member that means this node. A workload is told by what outlives its ReplicaSet: the name before the hash. */
export function memberOf(node: GraphNode, several: boolean): LayerMember {
  const name = node.kind === 'WORKLOAD' ? splitHash(node.name).base : node.name;
  return {
    kind: node.kind,
    name: literally(name),
    namespace: node.kind === 'NAMESPACE' || node.namespace === null ? null : literally(node.namespace),
    cluster: several ? literally(node.cluster) : null,
  };
}

/** A member as people read it, and as `memberFrom` reads it where it is a namespace's or a workload's. */
export function memberWords({ kind, name, namespace, cluster }: LayerMember): string {
  const whole =
    kind === 'NETWORK'
      ? displayName(kind, name)
      : kind === 'WORKLOAD' || namespace !== null
        ? `${visible(namespace ?? '*')}/${visible(name)}`
        : visible(name);
  return cluster === null ? whole : `${whole} · ${visible(cluster)}`;
}

/** `shop` is a namespace and `shop/cart` a workload in one; null where nothing is said. */
export function memberFrom(text: string): LayerMember | null {
  const [namespace = '', ...rest] = text.trim().split('/');
  const name = rest.join('/').trim();
  if (!namespace.trim()) return null;
  if (!rest.length) return named('NAMESPACE', namespace.trim());
  if (!name) return null;
  return { ...named('WORKLOAD', plainName(name) || name), namespace: namespace.trim() };
}

export const sameMember = (a: LayerMember, b: LayerMember): boolean =>
  a.kind === b.kind && a.name === b.name && a.namespace === b.namespace && a.cluster === b.cluster;

/** What is saved; the server judges it. */
export interface LayerDocument {
  format: 1;
  title: string;
  description: string;
  members: object[];
  filter: string;
}

export function layerDocument(
  words: { title: string; description: string; filter: string },
  members: readonly LayerMember[],
): LayerDocument {
  const told = members.map(({ kind, name, namespace, cluster }) => ({
    kind: kind.toLowerCase(),
    name,
    ...(namespace === null ? {} : { namespace }),
    ...(cluster === null ? {} : { cluster }),
  }));
  return { format: 1, ...words, members: told };
}
