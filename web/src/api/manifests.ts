import { graphql } from '../gql';
import type { ClusterObjectsQuery } from '../gql/graphql';

/** One page of a cluster's objects of a kind, as of a time. */
export const ClusterObjectsDocument = graphql(`
  query ClusterObjects($cluster: String!, $kind: String!, $at: TimePoint!, $after: String) {
    manifests(cluster: $cluster, kind: $kind, at: $at, first: 500, after: $after) {
      pageInfo { hasNextPage endCursor }
      nodes { id kind namespace name version { document } }
    }
  }
`);

export type ClusterObject = ClusterObjectsQuery['manifests']['nodes'][number];
