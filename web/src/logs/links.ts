import type { LinkedRecord } from '../api/log-links';
import type { LogKind } from '../domain/log-kinds';
import { displayName, plainName, visible } from '../domain/names';
import { type LogRecord, textOf } from '../domain/record';

/** The lists of records that belong to one: what they are, and a line about each of them. */
export interface LinkList {
  field: string;
  title: string;
  why: string;
}

export const LINK_LISTS: Record<LogKind, readonly LinkList[]> = {
  FLOWS: [
    {
      field: 'dnsAnswers',
      title: 'DNS answers that named the destination',
      why: 'To the same client, within the hour before',
    },
    { field: 'l7Records', title: 'L7 records of the same ends', why: 'At the same time' },
    {
      field: 'policyChanges',
      title: 'Changes of the policies that decided it',
      why: 'In the 30 days before',
    },
  ],
  DNS: [{ field: 'flows', title: 'Flows to what was answered', why: 'Of the client, within the hour after' }],
  L7: [{ field: 'flows', title: 'Flows between the same ends', why: 'At the same time' }],
  AUDIT: [{ field: 'flows', title: 'Flows that the policy decided', why: 'Within an hour before and after' }],
  BGP: [],
  EVENTS: [
    { field: 'evidenceRecords', title: 'Records that show it', why: 'As the event names them' },
    { field: 'flows', title: 'Flows between its ends', why: 'Within five minutes' },
  ],
};

const KIND_OF: Partial<Record<string, LogKind>> = {
  Flow: 'FLOWS',
  DnsLog: 'DNS',
  L7Log: 'L7',
  AuditLog: 'AUDIT',
};

export const kindOf = (record: LinkedRecord): LogKind => KIND_OF[record.__typename] ?? 'FLOWS';

const place = (record: LogRecord, side: 'source' | 'dest'): string => {
  const namespace = textOf(record, `${side}_namespace`);
  const domain = side === 'dest' ? textOf(record, 'dest_domain') : null;
  const name = textOf(record, `${side}_name_aggr`);
  if (!namespace) return domain ? visible(domain) : displayName('NETWORK', name ?? '-');
  return `${visible(namespace)}/${plainName(name ?? '')}`;
};

/** What one record says, in a line. */
export function summary(record: LinkedRecord): string {
  const text = (field: string) => visible(textOf(record, field) ?? '');
  switch (kindOf(record)) {
    case 'DNS':
      return [text('qname'), text('qtype'), text('rcode')].filter(Boolean).join(' ');
    case 'L7':
      return [text('method'), text('url'), text('response_code')].filter(Boolean).join(' ');
    case 'AUDIT': {
      const object = [text('objectRef.namespace'), text('objectRef.name')].filter(Boolean).join('/');
      return `${text('user.username')} ${text('verb')} ${text('objectRef.resource')} ${object}`.trim();
    }
    default: {
      const port = textOf(record, 'dest_port');
      const verdict = textOf(record, 'action') === 'deny' ? 'denied' : 'allowed';
      return `${place(record, 'source')} → ${place(record, 'dest')}${port ? `:${port}` : ''} ${verdict}, ${text('reporter')}`;
    }
  }
}
