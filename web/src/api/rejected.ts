import { graphql } from '../gql';
import type { RejectedLinesQuery } from '../gql/graphql';

export const RejectedLinesDocument = graphql(`
  query RejectedLines($range: TimeRangeInput!, $clusters: [ID!], $kind: RecordKind, $source: String, $first: Int!, $after: String) {
    rejectedLines(range: $range, clusters: $clusters, kind: $kind, source: $source, first: $first, after: $after) {
      totalCount
      pageInfo { hasNextPage endCursor }
      nodes { id cluster receivedAt source kind batchId lineNumber reason line }
    }
  }
`);

export type RejectedLine = RejectedLinesQuery['rejectedLines']['nodes'][number];
