import type { TypedDocumentNode } from 'urql';
import type { LogKind } from '../domain/log-kinds';
import type { LogRecord } from '../domain/record';
import { graphql } from '../gql';
import type { FlowPageQueryVariables } from '../gql/graphql';

export interface LogPage {
  page: {
    nodes: LogRecord[];
    pageInfo: { hasNextPage: boolean; endCursor?: string | null };
    totalCount?: string;
  };
}

/** A page of each kind's records, with all that they say; counted where `count` asks for it. */
export const PAGES: Record<LogKind, TypedDocumentNode<LogPage, FlowPageQueryVariables>> = {
  FLOWS: graphql(`
    query FlowPage($range: TimeRangeInput!, $clusters: [ID!], $filter: KQL, $first: Int!, $after: String, $orderBy: OrderInput, $count: Boolean!) {
      page: flows(range: $range, clusters: $clusters, filter: $filter, first: $first, after: $after, orderBy: $orderBy) {
        nodes { ...FlowFields }
        pageInfo { hasNextPage endCursor }
        totalCount @include(if: $count)
      }
    }
  `),
  DNS: graphql(`
    query DnsPage($range: TimeRangeInput!, $clusters: [ID!], $filter: KQL, $first: Int!, $after: String, $orderBy: OrderInput, $count: Boolean!) {
      page: dnsLogs(range: $range, clusters: $clusters, filter: $filter, first: $first, after: $after, orderBy: $orderBy) {
        nodes { ...DnsFields }
        pageInfo { hasNextPage endCursor }
        totalCount @include(if: $count)
      }
    }
  `),
  L7: graphql(`
    query L7Page($range: TimeRangeInput!, $clusters: [ID!], $filter: KQL, $first: Int!, $after: String, $orderBy: OrderInput, $count: Boolean!) {
      page: l7Logs(range: $range, clusters: $clusters, filter: $filter, first: $first, after: $after, orderBy: $orderBy) {
        nodes { ...L7Fields }
        pageInfo { hasNextPage endCursor }
        totalCount @include(if: $count)
      }
    }
  `),
  AUDIT: graphql(`
    query AuditPage($range: TimeRangeInput!, $clusters: [ID!], $filter: KQL, $first: Int!, $after: String, $orderBy: OrderInput, $count: Boolean!) {
      page: auditLogs(range: $range, clusters: $clusters, filter: $filter, first: $first, after: $after, orderBy: $orderBy) {
        nodes { ...AuditFields }
        pageInfo { hasNextPage endCursor }
        totalCount @include(if: $count)
      }
    }
  `),
  BGP: graphql(`
    query BgpPage($range: TimeRangeInput!, $clusters: [ID!], $filter: KQL, $first: Int!, $after: String, $orderBy: OrderInput, $count: Boolean!) {
      page: bgpLogs(range: $range, clusters: $clusters, filter: $filter, first: $first, after: $after, orderBy: $orderBy) {
        nodes { ...BgpFields }
        pageInfo { hasNextPage endCursor }
        totalCount @include(if: $count)
      }
    }
  `),
  EVENTS: graphql(`
    query EventPage($range: TimeRangeInput!, $clusters: [ID!], $filter: KQL, $first: Int!, $after: String, $orderBy: OrderInput, $count: Boolean!) {
      page: securityEvents(range: $range, clusters: $clusters, filter: $filter, first: $first, after: $after, orderBy: $orderBy) {
        nodes { ...EventFields }
        pageInfo { hasNextPage endCursor }
        totalCount @include(if: $count)
      }
    }
  `),
};
