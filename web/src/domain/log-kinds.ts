/** The kinds of log: their words, the field that tells their outcome, and what the page shows of them at first. */
export type LogKind = 'FLOWS' | 'DNS' | 'L7' | 'AUDIT' | 'BGP' | 'EVENTS';

export interface KindInfo {
  kind: LogKind;
  /** In the address and in the export's path. */
  slug: string;
  label: string;
  one: string;
  many: string;
  /** What a range of time asks for, and the order where nothing else is said. */
  time: string;
  /** What colours the histogram; null where it is by severity, which is a number. */
  by: string | null;
  byWord: string;
  /** Fields that a choice of namespaces is looked for in. */
  namespaces: readonly string[];
  columns: readonly string[];
}

export const KINDS: Record<LogKind, KindInfo> = {
  FLOWS: {
    kind: 'FLOWS',
    slug: 'flows',
    label: 'Flows',
    one: 'flow',
    many: 'flows',
    time: 'start_time',
    by: 'action',
    byWord: 'action',
    namespaces: ['source_namespace', 'dest_namespace'],
    columns: [
      'start_time',
      'action',
      'reporter',
      '@source',
      '@dest',
      'dest_port',
      'num_flows_started',
      'bytes_out',
      'bytes_in',
      '@decided',
      'process_name',
    ],
  },
  DNS: {
    kind: 'DNS',
    slug: 'dns',
    label: 'DNS',
    one: 'DNS record',
    many: 'DNS records',
    time: 'start_time',
    by: 'rcode',
    byWord: 'response code',
    namespaces: ['client_namespace'],
    columns: [
      'start_time',
      'rcode',
      'count',
      '@client',
      'qname',
      'qtype',
      '@answer',
      'latency_mean',
      '@server',
    ],
  },
  L7: {
    kind: 'L7',
    slug: 'l7',
    label: 'L7',
    one: 'L7 record',
    many: 'L7 records',
    time: 'start_time',
    by: 'response_code',
    byWord: 'response class',
    namespaces: ['src_namespace', 'dest_namespace'],
    columns: [
      'start_time',
      'response_code',
      'method',
      'url',
      '@src',
      '@dest',
      'count',
      'duration_mean',
      'bytes_in',
      'bytes_out',
    ],
  },
  AUDIT: {
    kind: 'AUDIT',
    slug: 'audit',
    label: 'Audit',
    one: 'audit record',
    many: 'audit records',
    time: 'requestReceivedTimestamp',
    by: 'verb',
    byWord: 'verb',
    namespaces: ['objectRef.namespace'],
    columns: [
      'requestReceivedTimestamp',
      'verb',
      'objectRef.resource',
      '@object',
      'user.username',
      'responseStatus.code',
      'sourceIPs',
      'stage',
    ],
  },
  BGP: {
    kind: 'BGP',
    slug: 'bgp',
    label: 'BGP',
    one: 'BGP record',
    many: 'BGP records',
    time: 'logtime',
    by: 'state',
    byWord: 'state',
    namespaces: [],
    columns: ['logtime', 'state', 'event', 'peer', 'peer_ip', 'host', 'reason', 'message'],
  },
  EVENTS: {
    kind: 'EVENTS',
    slug: 'events',
    label: 'Security events',
    one: 'security event',
    many: 'security events',
    time: 'time',
    by: null,
    byWord: 'severity',
    namespaces: ['source_namespace', 'dest_namespace'],
    columns: ['time', 'severity', 'title', '@source', '@dest', 'dest_port', 'rule', 'origin', 'status'],
  },
};

export const KIND_LIST: readonly KindInfo[] = Object.values(KINDS);

export const kindOfSlug = (slug: string | undefined): LogKind =>
  KIND_LIST.find((info) => info.slug === slug)?.kind ?? 'FLOWS';
