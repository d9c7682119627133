/** A record of any kind, as the API gives it, read by the names that logs, filters and columns use. */
export interface LogRecord {
  id: string;
  cluster: string;
  time: string;
  [name: string]: unknown;
}

export type Scalar = string | number | boolean;

/** The catalogue writes some values in lower case that the API's enums write in upper case. */
const ENUMS = new Set(['action', 'reporter', 'policy_hits.action', 'policy_hits.set']);

const camel = (name: string) => name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** Where in an answer a stored field stands: `policy_hits.rule_index` in `policyHits`, `ruleIndex`. */
export function pathOf(field: string): string[] {
  if (field.startsWith('policies.')) return [camel(field.slice('policies.'.length))];
  if (field === 'dest_domain') return ['destDomains', '0'];
  return field.split('.').map(camel);
}

function* scalars(value: unknown, path: readonly string[]): Generator<Scalar> {
  if (value === null || value === undefined) return;
  const [step, ...rest] = path;
  if (Array.isArray(value) && step !== '0') for (const each of value) yield* scalars(each, path);
  else if (step !== undefined) yield* scalars((value as Record<string, unknown>)[step], rest);
  else if (typeof value !== 'object') yield value as Scalar;
}

/** Every value of a field; none where the record does not have it. */
export function valuesOf(record: LogRecord, field: string): Scalar[] {
  const found = [...scalars(record, pathOf(field))];
  return ENUMS.has(field) ? found.map((value) => String(value).toLowerCase()) : found;
}

export const firstOf = (record: LogRecord, field: string): Scalar | null =>
  valuesOf(record, field)[0] ?? null;

export const textOf = (record: LogRecord, field: string): string | null => {
  const value = firstOf(record, field);
  return value === null ? null : String(value);
};

/** How many connections each counted one stands for; null where all were counted. */
export function sampledOneIn(record: LogRecord): number | null {
  const rate = Number(record.sampling ?? 0);
  return rate > 1 ? rate : null;
}

/** DNS requests that were only counted: nothing is known of them but how many there were. */
export const isUnlogged = (record: LogRecord): boolean => record.type === 'UNLOGGED';
