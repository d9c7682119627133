/** Objects of a cluster that bear on policies: how they are named in the address, found and told apart. */
import type { ClusterObject } from '../../api/manifests';

export interface ObjectRef {
  /** As in policy traces: Calico's NetworkPolicy is CalicoNetworkPolicy. */
  kind: string;
  namespace: string | null;
  name: string;
}

export interface Listed extends ObjectRef {
  id: string;
  document: unknown;
  tier: string | null;
}

/** Kinds in the order in which the list shows them, and what people call them. */
export const KIND_WORDS = {
  CalicoNetworkPolicy: 'Calico NetworkPolicy',
  GlobalNetworkPolicy: 'GlobalNetworkPolicy',
  NetworkPolicy: 'Kubernetes NetworkPolicy',
  StagedNetworkPolicy: 'StagedNetworkPolicy',
  StagedGlobalNetworkPolicy: 'StagedGlobalNetworkPolicy',
  StagedKubernetesNetworkPolicy: 'StagedKubernetesNetworkPolicy',
  AdminNetworkPolicy: 'AdminNetworkPolicy',
  BaselineAdminNetworkPolicy: 'BaselineAdminNetworkPolicy',
  ClusterNetworkPolicy: 'ClusterNetworkPolicy',
  Tier: 'Tier',
  NetworkSet: 'NetworkSet',
  GlobalNetworkSet: 'GlobalNetworkSet',
  Namespace: 'Namespace',
  ServiceAccount: 'ServiceAccount',
  HostEndpoint: 'HostEndpoint',
  Pod: 'Pod',
} as const;

export const KINDS = Object.keys(KIND_WORDS);
export const kindWord = (kind: string): string => KIND_WORDS[kind as keyof typeof KIND_WORDS] ?? kind;
export const isStaged = (kind: string): boolean => kind.startsWith('Staged');
export const isPolicy = (kind: string): boolean => kind.endsWith('Policy');

export const writeRef = ({ kind, namespace, name }: ObjectRef): string =>
  `${kind}:${namespace ?? ''}/${name}`;

export function readRef(text: string | null): ObjectRef | null {
  const [, kind, namespace, name] = /^(\w+):([^/]*)\/(.+)$/s.exec(text ?? '') ?? [];
  return kind && name ? { kind, namespace: namespace || null, name } : null;
}

/** A document's field by its names; undefined where it has none. */
export function at(document: unknown, ...path: string[]): unknown {
  let found = document;
  for (const name of path) {
    if (typeof found !== 'object' || found === null) return undefined;
    found = (found as Record<string, unknown>)[name];
  }
  return found;
}

export function listed({ id, kind, namespace, name, version }: ClusterObject): Listed {
  const { document } = version;
  const tier = at(document, 'spec', 'tier');
  const ordered = isPolicy(kind) && at(document, 'apiVersion') === 'projectcalico.org/v3';
  return {
    id,
    kind,
    namespace: namespace ?? null,
    name,
    document,
    tier: typeof tier === 'string' ? tier : ordered ? 'default' : null,
  };
}

/** Every word has to stand somewhere in the kind, the namespace, the tier or the name. */
export function found(objects: readonly Listed[], text: string): Listed[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return objects.filter((each) => {
    const all =
      `${kindWord(each.kind)} ${each.namespace ?? ''}/${each.name} ${each.tier ?? ''}`.toLowerCase();
    return words.every((word) => all.includes(word));
  });
}

export function labelsOf(document: unknown): Record<string, string> {
  const labels = at(document, 'metadata', 'labels');
  if (typeof labels !== 'object' || labels === null) return {};
  return Object.fromEntries(Object.entries(labels).filter(([, value]) => typeof value === 'string'));
}
