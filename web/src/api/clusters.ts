import { graphql } from '../gql';
import type { KnownClustersQuery } from '../gql/graphql';

export const KnownClustersDocument = graphql(`
  query KnownClusters {
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
