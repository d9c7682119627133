import type { NodeKind } from './graph';

/** The random part that Kubernetes appends to a ReplicaSet's name: its safe alphabet, 6 to 10 long. */
const REPLICA_HASH = /^(.+)-([bcdfghjklmnpqrstvwxz2456789]{6,10})$/;
const JOB_STAMP = /^(.+)-(\d{8,})$/;

/** Controls, and marks that turn the direction of what follows, written out: a log may name a pod anything. */
export const visible = (text: string): string =>
  text.replace(
    /[\p{Cc}\p{Cf}\u2028\u2029]/gu,
    (mark) => `\\u${mark.codePointAt(0)?.toString(16).padStart(4, '0')}`,
  );

/** A workload's name without the `-*` that stands for its pods. */
export function plainName(name: string): string {
  return visible(name.replace(/-?\*$/, ''));
}

/** `shop/` before what lives in a namespace. */
export const inNamespace = (namespace: string | null | undefined, name: string): string =>
  namespace ? `${visible(namespace)}/${name}` : name;

/** `payment-api` and `5f8b9c7d6`, or the whole name and nothing. */
export function splitHash(name: string): { base: string; hash: string | null } {
  const match = REPLICA_HASH.exec(plainName(name));
  const [, base, hash] = match ?? [];
  // A hash has a digit, or it would be a word: `cart-frontend` keeps its second half.
  if (base && hash && /\d/.test(hash)) return { base, hash };
  return { base: plainName(name), hash: null };
}

export const isJob = (name: string): boolean => JOB_STAMP.test(plainName(name));

const NETWORKS: Record<string, string> = {
  pub: 'Public network',
  pvt: 'Private network',
  unknown: 'Unnamed network',
};

/** What people read. The logs' sentinels never appear. */
export function displayName(kind: NodeKind, name: string): string {
  if (kind === 'NETWORK') return NETWORKS[name] ?? (isSentinel(name) ? 'Outside cluster' : visible(name));
  if (isSentinel(name)) return name === '*' ? 'Several' : 'Outside cluster';
  return plainName(name);
}

export const isSentinel = (value: string | null | undefined): boolean => value === '-' || value === '*';

const KIND_WORDS: Record<NodeKind, string> = {
  NAMESPACE: 'Namespace',
  SERVICE: 'Service',
  WORKLOAD: 'Workload',
  HOST: 'Host',
  NETWORK_SET: 'Network set',
  NETWORK: 'Network',
  FQDN: 'FQDN',
};

export const kindWord = (kind: NodeKind): string => KIND_WORDS[kind];

/** Kinds that are read with the namespace that they live in. */
export const isPlaced = (kind: NodeKind): boolean => kind === 'WORKLOAD' || kind === 'SERVICE';

/** Cuts in the middle, since the end of a generated name is what identifies it. */
export function middle(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const tail = Math.floor((longest - 1) * 0.4);
  return `${text.slice(0, longest - 1 - tail)}…${text.slice(text.length - tail)}`;
}
