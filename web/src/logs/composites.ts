import type { LogKind } from '../domain/log-kinds';
import { type LogRecord, textOf, valuesOf } from '../domain/record';
import { condition } from '../kql/conjuncts';

/** Columns that tell several stored fields as one thing, and the condition that finds that thing again. */
export interface Composite {
  title: string;
  fields: readonly string[];
  width: number;
  /** The field that it is ordered by; null where it has several values. */
  order: string | null;
  condition: (record: LogRecord) => string | null;
}

/** A condition on each of the fields that the record has. */
const each =
  (...fields: string[]) =>
  (record: LogRecord): string | null =>
    fields
      .flatMap((field) => {
        const value = textOf(record, field);
        return value === null ? [] : [condition(field, value)];
      })
      .join(' and ') || null;

const end = (title: string, namespace: string, name: string, more: readonly string[] = []): Composite => ({
  title,
  fields: [namespace, name, ...more],
  width: 212,
  order: name,
  condition: each(namespace, name),
});

const decided: Composite = {
  title: 'Decided by',
  fields: ['policies.enforced_policies'],
  width: 216,
  order: null,
  condition: (record) => {
    const texts = valuesOf(record, 'policies.enforced_policies');
    const last = texts.at(-1);
    return last === undefined ? null : condition('policies.enforced_policies', String(last));
  },
};

const FLOW_DEST = end('Destination', 'dest_namespace', 'dest_name_aggr', ['dest_name', 'dest_domains']);

export const COMPOSITES: Record<LogKind, Partial<Record<string, Composite>>> = {
  FLOWS: {
    '@source': end('Source', 'source_namespace', 'source_name_aggr', ['source_name']),
    '@dest': {
      ...FLOW_DEST,
      condition: (record) =>
        textOf(record, 'dest_type') === 'net' && textOf(record, 'dest_domain') !== null
          ? each('dest_domain')(record)
          : FLOW_DEST.condition(record),
    },
    '@decided': decided,
  },
  DNS: {
    '@client': end('Client', 'client_namespace', 'client_name_aggr', ['client_name', 'client_ip']),
    '@server': end('Server', 'server_namespace', 'server_name_aggr', ['server_ip']),
    '@answer': {
      title: 'Answer',
      fields: ['rrsets.rdata'],
      width: 164,
      order: null,
      condition: each('rrsets.rdata'),
    },
  },
  L7: {
    '@src': end('Client', 'src_namespace', 'src_name_aggr', ['src_ip']),
    '@dest': end('Server', 'dest_namespace', 'dest_name_aggr', ['dest_service_name', 'dest_ip']),
  },
  AUDIT: {
    '@object': end('Object', 'objectRef.namespace', 'objectRef.name'),
  },
  BGP: {},
  EVENTS: {
    '@source': end('Source', 'source_namespace', 'source_name', ['source_ip']),
    '@dest': end('Destination', 'dest_namespace', 'dest_name', ['dest_ip']),
  },
};
