import type { TypedDocumentNode } from 'urql';
import type { LogKind } from '../domain/log-kinds';
import type { LogRecord } from '../domain/record';
import { graphql } from '../gql';
import type { FlowLinksQueryVariables } from '../gql/graphql';

/** What one line about a record needs. */
export const LinkedFlow = graphql(`
  fragment LinkedFlow on Flow {
    __typename id cluster time action reporter sourceNamespace sourceNameAggr destNamespace destNameAggr destDomains destPort
  }
`);
export const LinkedDns = graphql(`
  fragment LinkedDns on DnsLog { __typename id cluster time qname qtype rcode }
`);
export const LinkedL7 = graphql(`
  fragment LinkedL7 on L7Log { __typename id cluster time method url responseCode }
`);
export const LinkedAudit = graphql(`
  fragment LinkedAudit on AuditLog {
    __typename id cluster time verb user { username } objectRef { resource namespace name }
  }
`);

export interface FoundLinks {
  node?: object | null;
}

type Asked = TypedDocumentNode<FoundLinks, FlowLinksQueryVariables>;

/** Records of other kinds that belong to one; each list is a search of its own. */
export const LINKS: Partial<Record<LogKind, Asked>> = {
  FLOWS: graphql(`
    query FlowLinks($id: ID!) {
      node(id: $id) {
        ... on Flow {
          dnsAnswers(limit: 8) { ...LinkedDns }
          l7Records(limit: 8) { ...LinkedL7 }
          policyChanges(limit: 8) { ...LinkedAudit }
        }
      }
    }
  `),
  DNS: graphql(`
    query DnsLinks($id: ID!) { node(id: $id) { ... on DnsLog { flows(limit: 8) { ...LinkedFlow } } } }
  `),
  L7: graphql(`
    query L7Links($id: ID!) { node(id: $id) { ... on L7Log { flows(limit: 8) { ...LinkedFlow } } } }
  `),
  AUDIT: graphql(`
    query AuditLinks($id: ID!) { node(id: $id) { ... on AuditLog { flows(limit: 8) { ...LinkedFlow } } } }
  `),
  EVENTS: graphql(`
    query EventLinks($id: ID!) {
      node(id: $id) {
        ... on SecurityEvent {
          flows(limit: 8) { ...LinkedFlow }
          evidenceRecords(limit: 8) { id cluster time ...LinkedFlow ...LinkedDns ...LinkedL7 }
        }
      }
    }
  `),
};

export type LinkedRecord = LogRecord & { __typename: string };

/** The lists of an answer by their names. */
export const readLinks = ({ node }: FoundLinks): Partial<Record<string, LinkedRecord[]>> =>
  (node ?? {}) as Partial<Record<string, LinkedRecord[]>>;
