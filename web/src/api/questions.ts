import { graphql } from '../gql';

export const UnansweredDocument = graphql(`
  query Unanswered($range: TimeRangeInput!, $clusters: [ID!], $filter: KQL) {
    unanswered(range: $range, clusters: $clusters, filter: $filter, limit: 200) {
      edges {
        edgeId
        source { id kind name namespace cluster parentId members }
        target { id kind name namespace cluster parentId members }
        protocol port service cause explanation attempts bytesSent lastSeen windows
      }
      truncated
    }
  }
`);

export const CompareLoadDocument = graphql(`
  query CompareLoad(
    $range: TimeRangeInput!
    $clusters: [ID!]
    $filter: KQL
    $groupBy: [String!]!
    $measure: LoadMeasure!
    $limit: Int!
  ) {
    compareLoad(range: $range, clusters: $clusters, filter: $filter, groupBy: $groupBy, measure: $measure, limit: $limit) {
      before { from to }
      days { from to }
      groups { keys now before normal ratio ratioToBefore exceeds }
      truncated
    }
  }
`);
