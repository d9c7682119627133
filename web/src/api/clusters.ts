import { graphql } from '../gql';
import type { ClusterHealthQuery, KnownClustersQuery } from '../gql/graphql';

export const KnownClustersDocument = graphql(`
  query KnownClusters {
    mayRegisterClusters
    clusters {
      id name title colour description registered version editable updatedAt updatedBy
      lastSeen records rejected state lag rate kinds { kind records lastSeen }
    }
  }
`);

export const SaveClusterDocument = graphql(`
  mutation SaveCluster($id: ID!, $document: ClusterInput!, $version: Int) {
    saveCluster(id: $id, document: $document, version: $version) {
      cluster { id } problems { code message path }
    }
  }
`);

export const DeleteClusterDocument = graphql(`
  mutation DeleteCluster($id: ID!, $version: Int) {
    deleteCluster(id: $id, version: $version) { cluster { id records } problems { code message path } }
  }
`);

export type KnownCluster = KnownClustersQuery['clusters'][number];

export const ClusterHealthDocument = graphql(`
  query ClusterHealth($range: TimeRangeInput!, $clusters: [ID!]) {
    clusterHealth(range: $range, clusters: $clusters) {
      connections { allowed denied bytesToTarget bytesToSource missing { figure reason } }
      endpoints { endpoints callers called services missing { figure reason } }
      policies { policies unused denying missing { figure reason } }
      processes { names missing { figure reason } }
      dns { requests failures mean missing { figure reason } }
      http { requests failures mean missing { figure reason } }
    }
  }
`);

export type ClusterHealth = ClusterHealthQuery['clusterHealth'];
