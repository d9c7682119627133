import { graphql } from '../gql';
import type { FlowsQuery } from '../gql/graphql';

export const FlowsDocument = graphql(`
  query Flows($range: TimeRangeInput!, $clusters: [ID!], $filter: KQL, $first: Int!, $after: String) {
    flows(range: $range, clusters: $clusters, filter: $filter, first: $first, after: $after) {
      nodes {
        id
        startTime
        action
        reporter
        proto
        sourceName
        sourceNameAggr
        sourceNamespace
        sourceType
        destName
        destNameAggr
        destNamespace
        destType
        destPort
        destDomains
        destIp
        sourceIp
        bytesIn
        bytesOut
        packetsIn
        packetsOut
        numFlowsStarted
        processName
        policyHits { set tier name namespace action ruleIndex staged endOfTier index }
        edgeId
      }
      pageInfo { hasNextPage endCursor }
    }
  }
`);

export const FlowCountDocument = graphql(`
  query FlowCount($range: TimeRangeInput!, $clusters: [ID!], $filter: KQL) {
    flows(range: $range, clusters: $clusters, filter: $filter, first: 1) { totalCount }
  }
`);

export const HistogramDocument = graphql(`
  query Histogram($range: TimeRangeInput!, $clusters: [ID!], $filter: KQL, $interval: Int) {
    histogram(kind: FLOWS, range: $range, clusters: $clusters, filter: $filter, interval: $interval, by: "action") {
      range { from to }
      interval
      starts
      series { key counts }
    }
  }
`);

export type FlowRow = FlowsQuery['flows']['nodes'][number];
export type FlowHit = FlowRow['policyHits'][number];
