import { graphql } from '../gql';

export const LogCountsDocument = graphql(`
  query LogCounts($range: TimeRangeInput!, $clusters: [ID!]) {
    FLOWS: flows(range: $range, clusters: $clusters, first: 1) { totalCount }
    DNS: dnsLogs(range: $range, clusters: $clusters, first: 1) { totalCount }
    L7: l7Logs(range: $range, clusters: $clusters, first: 1) { totalCount }
    AUDIT: auditLogs(range: $range, clusters: $clusters, first: 1) { totalCount }
    BGP: bgpLogs(range: $range, clusters: $clusters, first: 1) { totalCount }
    EVENTS: securityEvents(range: $range, clusters: $clusters, first: 1) { totalCount }
  }
`);

export const LogHistogramDocument = graphql(`
  query LogHistogram($kind: RecordKind!, $range: TimeRangeInput!, $clusters: [ID!], $filter: KQL, $interval: Int, $by: String) {
    histogram(kind: $kind, range: $range, clusters: $clusters, filter: $filter, interval: $interval, by: $by) {
      range { from to }
      interval
      starts
      series { key counts }
    }
  }
`);

export const TopValuesDocument = graphql(`
  query TopValues($kind: RecordKind!, $field: String!, $range: TimeRangeInput!, $clusters: [ID!], $filter: KQL, $limit: Int!) {
    topValues(kind: $kind, field: $field, range: $range, clusters: $clusters, filter: $filter, limit: $limit) {
      values { value count }
      other
      missing
    }
  }
`);

/** A histogram splits by texts only; severity is a number. */
export const SeverityHistogramDocument = graphql(`
  query SeverityHistogram($range: TimeRangeInput!, $clusters: [ID!], $low: KQL, $medium: KQL, $high: KQL, $critical: KQL) {
    Low: histogram(kind: EVENTS, range: $range, clusters: $clusters, filter: $low) {
      range { from to } interval starts series { key counts }
    }
    Medium: histogram(kind: EVENTS, range: $range, clusters: $clusters, filter: $medium) {
      range { from to } interval starts series { key counts }
    }
    High: histogram(kind: EVENTS, range: $range, clusters: $clusters, filter: $high) {
      range { from to } interval starts series { key counts }
    }
    Critical: histogram(kind: EVENTS, range: $range, clusters: $clusters, filter: $critical) {
      range { from to } interval starts series { key counts }
    }
  }
`);
