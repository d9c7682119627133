import type { LogKind } from '../domain/log-kinds';
import { type LogRecord, textOf } from '../domain/record';
import type { AskedRange } from '../domain/time';
import { isoSeconds } from '../domain/time';
import type { UrlState } from '../domain/url-state';
import { condition } from '../kql/conjuncts';

/** Searches that a record leads to: the other report of a flow, what else its ends did, around the same time. */
export interface Lead {
  title: string;
  why: string;
  to: Pick<UrlState, 'kind' | 'query' | 'from' | 'to'>;
}

const AROUND = 5 * 60_000;

export function around(record: LogRecord, milliseconds = AROUND): AskedRange {
  const at = Date.parse(record.time);
  return { from: isoSeconds(at - milliseconds), to: isoSeconds(at + milliseconds) };
}

/** Conditions on fields of another kind by values of this record; null where one of them is missing. */
function same(record: LogRecord, pairs: readonly (readonly [field: string, from: string])[]): string | null {
  const parts = pairs.map(([field, from]) => {
    const value = textOf(record, from);
    return value === null ? null : condition(field, value);
  });
  return parts.includes(null) ? null : parts.join(' and ') || null;
}

const ENDS = ['source_namespace', 'source_name_aggr', 'dest_name_aggr', 'dest_port', 'proto'] as const;

export function leads(kind: LogKind, record: LogRecord): Lead[] {
  const range = around(record);
  const lead = (title: string, why: string, to: LogKind, query: string | null): Lead[] =>
    query === null ? [] : [{ title, why, to: { kind: to, query, ...range } }];
  switch (kind) {
    case 'FLOWS': {
      const other = textOf(record, 'reporter') === 'src' ? 'dst' : 'src';
      const ends = same(
        record,
        ENDS.filter((field) => textOf(record, field) !== null).map((field) => [field, field] as const),
      );
      return [
        ...lead(
          "The other side's reports",
          'Same ends, port and protocol',
          'FLOWS',
          ends && `${ends} and reporter : ${other}`,
        ),
        ...lead(
          "The source's DNS lookups",
          'Five minutes before and after',
          'DNS',
          same(record, [
            ['client_namespace', 'source_namespace'],
            ['client_name_aggr', 'source_name_aggr'],
          ]),
        ),
      ];
    }
    case 'DNS':
      return [
        ...lead(
          "The client's flows",
          'Five minutes before and after',
          'FLOWS',
          same(record, [
            ['source_namespace', 'client_namespace'],
            ['source_name_aggr', 'client_name_aggr'],
          ]),
        ),
        ...lead('Who else asked for it', 'The same name', 'DNS', same(record, [['qname', 'qname']])),
      ];
    case 'L7':
      return lead(
        'The same request elsewhere',
        "The proxy's identity of it",
        'L7',
        same(record, [['request_id', 'request_id']]),
      );
    case 'AUDIT':
      return [
        ...lead(
          'All stages of this request',
          'The same audit id',
          'AUDIT',
          same(record, [['auditID', 'auditID']]),
        ),
        ...lead(
          'What else happened to the object',
          'The same resource and name',
          'AUDIT',
          same(record, [
            ['objectRef.resource', 'objectRef.resource'],
            ['objectRef.name', 'objectRef.name'],
          ]),
        ),
      ];
    case 'BGP':
      return lead('The session from both nodes', 'The same peer', 'BGP', same(record, [['peer', 'peer']]));
    case 'EVENTS':
      return lead('Events of the same rule', 'Around this time', 'EVENTS', same(record, [['rule', 'rule']]));
  }
}
