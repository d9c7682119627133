import { graphql } from '../gql';

export const GroupedDocument = graphql(`
  query Grouped(
    $kind: RecordKind!
    $range: TimeRangeInput!
    $clusters: [ID!]
    $filter: KQL
    $groupBy: [String!]
    $metrics: [MetricInput!]!
    $limit: Int!
    $orderBy: AggregateOrderInput
    $reporters: ReporterRule!
  ) {
    aggregate(
      kind: $kind, range: $range, clusters: $clusters, filter: $filter, groupBy: $groupBy
      metrics: $metrics, limit: $limit, orderBy: $orderBy, reporters: $reporters
    ) {
      rows { keys values }
      other { values }
      groups
      truncated
      approximate
    }
  }
`);
