import { graphql } from '../gql';

export const ClustersDocument = graphql(`
  query Clusters { clusters { id name title colour state records rejected } }
`);

export const NamespacesDocument = graphql(`
  query Namespaces($clusters: [ID!]) { namespaces(clusters: $clusters, limit: 500) { id name cluster workloads } }
`);

export const FieldsDocument = graphql(`
  query Fields($kind: RecordKind!) { fields(kind: $kind) { name type multi description } }
`);

export const SuggestDocument = graphql(`
  query Suggest($kind: RecordKind!, $field: String!, $prefix: String!, $range: TimeRangeInput!, $clusters: [ID!]) {
    suggest(kind: $kind, field: $field, prefix: $prefix, range: $range, clusters: $clusters, limit: 8) { value count }
  }
`);
