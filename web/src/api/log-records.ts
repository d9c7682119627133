import type { TypedDocumentNode } from 'urql';
import type { LogKind } from '../domain/log-kinds';
import type { LogRecord } from '../domain/record';
import { graphql } from '../gql';
import type { FlowRecordQueryVariables } from '../gql/graphql';

export interface FoundRecord {
  node?: object | null;
}

/** One record by its id, with the line that it came from. */
export const RECORDS: Record<LogKind, TypedDocumentNode<FoundRecord, FlowRecordQueryVariables>> = {
  FLOWS: graphql(`
    query FlowRecord($id: ID!) { node(id: $id) { ... on Flow { raw ...FlowFields } } }
  `),
  DNS: graphql(`
    query DnsRecord($id: ID!) { node(id: $id) { ... on DnsLog { raw ...DnsFields } } }
  `),
  L7: graphql(`
    query L7Record($id: ID!) { node(id: $id) { ... on L7Log { raw ...L7Fields } } }
  `),
  AUDIT: graphql(`
    query AuditRecord($id: ID!) { node(id: $id) { ... on AuditLog { raw ...AuditFields } } }
  `),
  BGP: graphql(`
    query BgpRecord($id: ID!) { node(id: $id) { ... on BgpLog { raw ...BgpFields } } }
  `),
  EVENTS: graphql(`
    query EventRecord($id: ID!) { node(id: $id) { ... on SecurityEvent { raw ...EventFields } } }
  `),
};

/** An id of another kind of thing finds nothing here. */
export const readRecord = ({ node }: FoundRecord): (LogRecord & { raw: string }) | null =>
  node && 'raw' in node ? (node as LogRecord & { raw: string }) : null;
