import type { Alert } from '../domain/alert';
import type { LogKind } from '../domain/log-kinds';
import { firstOf, type LogRecord } from '../domain/record';
import { allOf, atEnd } from '../kql/build';
import { phrase } from '../kql/quote';

/** What tells records of a kind that an alert's ends do not tell. */
const FIELDS: Partial<Record<LogKind, readonly string[]>> = {
  L7: ['src_namespace', 'src_name_aggr', 'dest_namespace', 'dest_name_aggr', 'dest_port'],
  AUDIT: ['user.username', 'objectRef.resource', 'objectRef.namespace'],
  BGP: ['host', 'peer'],
  EVENTS: ['rule', 'source_namespace', 'source_name', 'dest_namespace', 'dest_name', 'dest_port'],
};

/** By which fields of a record that shows it an alert of a rule is excepted; null where its ends tell it. */
export function fieldsOf(kind: LogKind, groupBy: readonly string[] | null): readonly string[] | null {
  return FIELDS[kind] ? (groupBy ?? FIELDS[kind]) : null;
}

/** Records that hold, and lack, what one does in some fields; null where it holds nothing there. */
export function exceptionOfRecord(record: LogRecord, fields: readonly string[]): string | null {
  const held = fields.map((field) => [field, firstOf(record, field)] as const);
  const lacks = (value: unknown) => value === null || value === '';
  if (held.every(([, value]) => lacks(value))) return null;
  return allOf(
    held.map(([field, value]) => {
      if (lacks(value)) return `not ${field} : *`; // without it, more than this one would be excepted
      return `${field} : ${typeof value === 'string' ? phrase(value) : value}`;
    }),
  );
}

/** Records that an alert is about, by its ends and port, in a rule's kind; null where they do not tell them. */
export function exceptionOf(alert: Alert, kind: LogKind): string | null {
  const { source, target, port } = alert;
  switch (kind) {
    case 'FLOWS':
      if (!source && !target) return null;
      return allOf([
        source && atEnd('source', source),
        target && atEnd('dest', target),
        port === null ? null : `dest_port : ${port}`,
      ]);
    case 'DNS':
      if (source?.kind !== 'WORKLOAD') return null;
      return allOf([
        source.namespace && `client_namespace : ${phrase(source.namespace)}`,
        `client_name_aggr : ${phrase(source.name)}`,
      ]);
    default:
      return null;
  }
}

/** A rule's filter without those records. Excepting them again changes nothing. */
export function excepted(filter: string, exception: string): string {
  const out = `not (${exception})`;
  if (filter.includes(out)) return filter;
  return filter.trim() ? `(${filter.trim()}) and ${out}` : out;
}
