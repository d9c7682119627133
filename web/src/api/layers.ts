import { graphql } from '../gql';
import type { LayersQuery } from '../gql/graphql';

export const LayersDocument = graphql(`
  query Layers {
    layers(limit: 500) {
      id title description members { kind name namespace cluster } filter editable shared owner version
    }
  }
`);

export const SaveLayerDocument = graphql(`
  mutation SaveLayer($document: JSON!, $id: ID, $version: Int, $shared: Boolean) {
    saveLayer(document: $document, id: $id, version: $version, shared: $shared) {
      layer { id }
      problems { message }
    }
  }
`);

export const DeleteLayerDocument = graphql(`
  mutation DeleteLayer($id: ID!, $version: Int) {
    deleteLayer(id: $id, version: $version) { problems { message } }
  }
`);

export type SavedLayer = LayersQuery['layers'][number];
