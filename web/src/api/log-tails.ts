import type { TypedDocumentNode } from 'urql';
import type { LogKind } from '../domain/log-kinds';
import type { LogRecord } from '../domain/record';
import { graphql } from '../gql';
import type { FlowTailSubscriptionVariables } from '../gql/graphql';

export interface Arrived {
  logsIngested: { records: LogRecord[]; dropped: number };
}

/** Records as they are stored, with all that they say. */
export const TAILS: Record<LogKind, TypedDocumentNode<Arrived, FlowTailSubscriptionVariables>> = {
  FLOWS: graphql(`
    subscription FlowTail($clusters: [ID!], $filter: KQL) {
      logsIngested(kind: FLOWS, clusters: $clusters, filter: $filter) { records { id cluster time ...FlowFields } dropped }
    }
  `),
  DNS: graphql(`
    subscription DnsTail($clusters: [ID!], $filter: KQL) {
      logsIngested(kind: DNS, clusters: $clusters, filter: $filter) { records { id cluster time ...DnsFields } dropped }
    }
  `),
  L7: graphql(`
    subscription L7Tail($clusters: [ID!], $filter: KQL) {
      logsIngested(kind: L7, clusters: $clusters, filter: $filter) { records { id cluster time ...L7Fields } dropped }
    }
  `),
  AUDIT: graphql(`
    subscription AuditTail($clusters: [ID!], $filter: KQL) {
      logsIngested(kind: AUDIT, clusters: $clusters, filter: $filter) { records { id cluster time ...AuditFields } dropped }
    }
  `),
  BGP: graphql(`
    subscription BgpTail($clusters: [ID!], $filter: KQL) {
      logsIngested(kind: BGP, clusters: $clusters, filter: $filter) { records { id cluster time ...BgpFields } dropped }
    }
  `),
  EVENTS: graphql(`
    subscription EventTail($clusters: [ID!], $filter: KQL) {
      logsIngested(kind: EVENTS, clusters: $clusters, filter: $filter) { records { id cluster time ...EventFields } dropped }
    }
  `),
};

/** Only how many arrived. */
export const NewerDocument = graphql(`
  subscription Newer($kind: RecordKind!, $clusters: [ID!], $filter: KQL) {
    logsIngested(kind: $kind, clusters: $clusters, filter: $filter) { records { id } dropped }
  }
`);
