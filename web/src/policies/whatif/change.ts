/** What can be tried on a cluster's objects, and how the API is told of it. */
import type { PolicyChangeInput } from '../../gql/graphql';
import { isPolicy, isStaged, type ObjectRef } from './objects';

export const CHANGES = {
  edit: 'Edit',
  delete: 'Delete',
  reorder: 'Reorder',
  default: 'Tier default',
  promote: 'Promote staged',
  labels: 'Labels',
} as const;
export type Change = keyof typeof CHANGES;

export interface Wish {
  /** Null is a new object, or all that is staged. */
  object: ObjectRef | null;
  change: Change;
  value: string | null;
  /** The draft; null where nobody wrote anything. */
  text: string | null;
}

const LABELLED = ['Namespace', 'Pod', 'ServiceAccount', 'HostEndpoint', 'NetworkSet', 'GlobalNetworkSet'];
const UNORDERED = [
  'NetworkPolicy',
  'StagedKubernetesNetworkPolicy',
  'AdminNetworkPolicy',
  'BaselineAdminNetworkPolicy',
  'ClusterNetworkPolicy',
];

/** The changes that an object can have. */
export function changesFor({ kind }: ObjectRef): Change[] {
  const fitting: Change[] = ['edit', 'delete'];
  if (kind === 'Tier' || (isPolicy(kind) && !UNORDERED.includes(kind))) fitting.push('reorder');
  if (kind === 'Tier') fitting.push('default');
  if (isStaged(kind)) fitting.push('promote');
  if (LABELLED.includes(kind)) fitting.push('labels');
  return fitting;
}

export function readChange(text: string | null, object: ObjectRef | null): Change {
  const change = text as Change;
  if (!object) return change === 'promote' ? 'promote' : 'edit';
  return changesFor(object).includes(change) ? change : 'edit';
}

export interface Labels {
  set: { key: string; value: string }[];
  remove: string[];
}

/** `app=web zone- tier=api`, as kubectl takes labels; null where a word is neither. */
export function readLabels(text: string): Labels | null {
  const labels: Labels = { set: [], remove: [] };
  for (const word of text.split(/[\s,]+/).filter(Boolean)) {
    const [, key, value, gone] = /^([^=\s]+)=(\S*)$|^(\S+)-$/.exec(word) ?? [];
    if (key !== undefined) labels.set.push({ key, value: value ?? '' });
    else if (gone !== undefined) labels.remove.push(gone);
    else return null;
  }
  return labels;
}

/** Null is no order: behind all others. Undefined is no number. */
export function readOrder(text: string): number | null | undefined {
  if (text === 'last') return null;
  const order = Number(text);
  return text.trim() === '' || !Number.isFinite(order) ? undefined : order;
}

/** What the API is asked to try; null while there is nothing to try yet. */
export function changesOf({ object, change, value, text }: Wish): PolicyChangeInput[] | null {
  if (change === 'edit') return text?.trim() ? [{ apply: text }] : null;
  if (change === 'promote') return [{ promote: object ? { policies: [object] } : {} }];
  if (!object) return null;
  if (change === 'delete') return [{ delete: object }];
  if (value === null) return null;
  if (change === 'reorder') {
    const order = readOrder(value);
    return order === undefined ? null : [{ reorder: { object, order } }];
  }
  if (change === 'default')
    return value === 'DENY' || value === 'PASS'
      ? [{ tierDefault: { tier: object.name, action: value } }]
      : null;
  const labels = readLabels(value);
  return labels?.set.length || labels?.remove.length ? [{ relabel: { object, ...labels } }] : null;
}
