/** What can stand at a place of a draft: fields of its kind, their values, and what the cluster has. */
import { type Field, type Fields, fieldsOf, type Source } from './fields';
import type { Known } from './known';
import { kindAt, type Spot, spotAt } from './yaml-path';

export interface Option {
  label: string;
  detail: string;
  /** What is put in, where it is more than the label. */
  insert: string;
  type: 'field' | 'value';
}

export interface Completion {
  /** How much before the caret an option replaces. */
  replaces: number;
  options: Option[];
}

const value = (label: string, detail = ''): Option => ({ label, detail, insert: label, type: 'value' });

export function completionAt(text: string, offset: number, known: Known): Completion | null {
  const lines = text.split('\n');
  const before = text.slice(0, offset).split('\n');
  const row = before.length - 1;
  const spot = spotAt(lines, row, before[row]?.length ?? 0);
  const { kind, version } = kindAt(lines, row);
  const holder = fieldAt(fieldsOf(kind, version), spot.path);
  const options = spot.key === null ? keysOrItems(holder, spot, known) : valuesOf(holder, spot, known);
  return options.length ? { replaces: spot.word.length, options } : null;
}

interface Holder {
  fields: Fields | null;
  /** The field itself, where the path ends at one. */
  field: Field | null;
}

function fieldAt(root: Fields, path: readonly string[]): Holder {
  let holder: Holder = { fields: root, field: null };
  for (const name of path) {
    const field: Field | undefined = holder.fields?.[name];
    if (!field) return { fields: null, field: null };
    holder = { fields: field.fields ?? null, field };
  }
  return holder;
}

function keysOrItems({ fields, field }: Holder, spot: Spot, known: Known): Option[] {
  if (fields)
    return Object.entries(fields)
      .filter(([name]) => !spot.siblings.includes(name))
      .map(([name, { about }]) => ({ label: name, detail: about, insert: `${name}: `, type: 'field' }));
  if (!field) return [];
  if (field.source === 'labels')
    return [...known.labels.keys()].map((key) => ({
      label: key,
      detail: 'label',
      insert: `${key}: `,
      type: 'field',
    }));
  return itemsOf(field, spot, known);
}

function valuesOf({ fields, field }: Holder, spot: Spot, known: Known): Option[] {
  // Below `labels` and `matchLabels` the key is a label's.
  if (field?.source === 'labels') return (known.labels.get(spot.key ?? '') ?? []).map((each) => value(each));
  const own = fields?.[spot.key ?? ''];
  return own ? itemsOf(own, spot, known) : [];
}

function itemsOf(field: Field, spot: Spot, known: Known): Option[] {
  if (field.values) return field.values.map((each) => value(each, field.about));
  return field.source ? fromCluster(field.source, spot, known) : [];
}

const FUNCTIONS = [value('all()', 'everything'), value('has(', 'has the label')];

function fromCluster(source: Source, { before }: Spot, known: Known): Option[] {
  if (source === 'tiers') return known.tiers.map((name) => value(name, 'tier'));
  if (source === 'namespaces') return known.namespaces.map((name) => value(name, 'namespace'));
  if (source === 'serviceAccounts')
    return known.serviceAccounts.map((name) => value(name, 'service account'));
  const labels = source === 'namespaceSelector' ? known.namespaceLabels : known.labels;
  const [, key] = /([\w./-]+)\s*(?:==|!=|not in\s*\{[^}]*|in\s*\{[^}]*)\s*["']?$/.exec(before) ?? [];
  if (key) {
    const quoted = /["']$/.test(before);
    return (labels.get(key) ?? []).map((each) => ({
      ...value(each, key),
      insert: quoted ? each : `"${each}"`,
    }));
  }
  const keys = [...labels.keys()].map((each) => value(each, 'label'));
  return source === 'namespaceSelector'
    ? [...FUNCTIONS, value('global()', 'no namespace'), ...keys]
    : [...FUNCTIONS, ...keys];
}
