import { graphql } from '../gql';
import type { CompletionsQuery } from '../gql/graphql';

export const CompletionsDocument = graphql(`
  query Completions(
    $kind: RecordKind!, $text: String!, $cursor: Int!, $range: TimeRangeInput!, $clusters: [ID!], $limit: Int!
  ) {
    completions(kind: $kind, text: $text, cursor: $cursor, range: $range, clusters: $clusters, limit: $limit) {
      kind text description start end field count
    }
  }
`);

export type Completion = CompletionsQuery['completions'][number];
