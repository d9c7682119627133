import type { Alert } from '../domain/alert';
import type { LogKind } from '../domain/log-kinds';
import { allOf, atEnd } from '../kql/build';
import { phrase } from '../kql/quote';

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
