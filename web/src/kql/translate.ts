import { KINDS, type LogKind } from '../domain/log-kinds';
import { conjuncts } from './conjuncts';
import { tokenise } from './tokens';

type Names = Partial<Record<LogKind, string>>;

/** One thing under the names that each kind of log gives it. */
const SAME: readonly Names[] = [
  {
    FLOWS: 'source_namespace',
    DNS: 'client_namespace',
    L7: 'src_namespace',
    EVENTS: 'source_namespace',
  },
  { FLOWS: 'source_name_aggr', DNS: 'client_name_aggr', L7: 'src_name_aggr' },
  { FLOWS: 'source_name', DNS: 'client_name', EVENTS: 'source_name' },
  { FLOWS: 'source_ip', DNS: 'client_ip', L7: 'src_ip', EVENTS: 'source_ip' },
  { FLOWS: 'source_port', L7: 'src_port', EVENTS: 'source_port' },
  { FLOWS: 'source_labels', DNS: 'client_labels' },
  { FLOWS: 'dest_namespace', L7: 'dest_namespace', EVENTS: 'dest_namespace' },
  { FLOWS: 'dest_name_aggr', L7: 'dest_name_aggr' },
  { FLOWS: 'dest_name', EVENTS: 'dest_name' },
  { FLOWS: 'dest_ip', L7: 'dest_ip', EVENTS: 'dest_ip' },
  { FLOWS: 'dest_port', L7: 'dest_port', EVENTS: 'dest_port' },
  { FLOWS: 'dest_domain', DNS: 'qname' },
  { FLOWS: 'dest_service_name', L7: 'dest_service_name' },
  { FLOWS: 'dest_service_namespace', L7: 'dest_service_namespace' },
  { FLOWS: 'action', EVENTS: 'action' },
  { FLOWS: 'proto', EVENTS: 'proto' },
  { FLOWS: 'host', DNS: 'host', L7: 'host', BGP: 'host', EVENTS: 'host' },
  { FLOWS: 'cluster', DNS: 'cluster', L7: 'cluster', AUDIT: 'cluster', BGP: 'cluster', EVENTS: 'cluster' },
  ...(['@timestamp', 'id'] as const).map((name) => everywhere(name)),
  Object.fromEntries(Object.values(KINDS).map(({ kind, time }) => [kind, time])),
];

function everywhere(name: string): Names {
  return Object.fromEntries(Object.keys(KINDS).map((kind) => [kind, name]));
}

export interface Translated {
  query: string;
  /** Conditions on what the other kind does not have. */
  dropped: string[];
}

/** A query about one kind of log as one about another. */
export function translate(query: string, from: LogKind, to: LogKind): Translated {
  if (from === to) return { query, dropped: [] };
  const names = new Map(SAME.flatMap((each) => (each[from] && each[to] ? [[each[from], each[to]]] : [])));
  const kept: string[] = [];
  const dropped: string[] = [];
  for (const part of conjuncts(query)) {
    const tokens = tokenise(part);
    const fields = tokens.filter((token) => token.kind === 'field');
    if (fields.every((token) => names.has(token.text)))
      kept.push(
        tokens.map((token) => (token.kind === 'field' ? (names.get(token.text) ?? '') : token.text)).join(''),
      );
    else dropped.push(part);
  }
  return { query: kept.join(' and '), dropped };
}
