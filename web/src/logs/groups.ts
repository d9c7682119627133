import { type LogRecord, type Scalar, valuesOf } from '../domain/record';
import type { Field } from './columns';

/** A record's fields as a person looks for them: who, to whom, what, decided how. */
export interface Told {
  field: Field;
  values: Scalar[];
}

export interface Group {
  title: string;
  told: Told[];
  /** Fields that the record does not have. */
  without: Field[];
}

const RULES: readonly [string, RegExp][] = [
  ['Policies', /^polic(y|ies)/],
  ['TCP', /^tcp_/],
  ['TLS', /^tls_/],
  ['Process', /process/],
  ['Source', /^(source|src|client|user|impersonatedUser|original_source)/],
  ['Destination', /^(dest|server|objectRef)/],
  ['Answer', /^(rcode|rrsets|responseStatus|response_|latency)/],
  [
    'Record',
    /^(id|cluster|host|start_time|end_time|time|logtime|.*Timestamp|auditID|event_id|origin|collector_|sampling|type)/,
  ],
];
const REST = 'What happened';
const ORDER = [REST, 'Source', 'Destination', 'Answer', 'Policies', 'Process', 'TCP', 'TLS', 'Record'];

export function grouped(record: LogRecord, fields: readonly Field[]): Group[] {
  const groups = new Map(ORDER.map((title): [string, Group] => [title, { title, told: [], without: [] }]));
  for (const field of fields) {
    if (field.type === 'nested') continue;
    const title = RULES.find(([, names]) => names.test(field.name))?.[0] ?? REST;
    const values = valuesOf(record, field.name);
    if (values.length) groups.get(title)?.told.push({ field, values });
    else groups.get(title)?.without.push(field);
  }
  return [...groups.values()].filter((group) => group.told.length + group.without.length > 0);
}

/** The line with its members one below the other, or as it arrived where it is no JSON. */
export function laidOut(raw: string): string {
  try {
    return JSON.stringify(JSON.parse(raw), null, 2);
  } catch {
    return raw;
  }
}
