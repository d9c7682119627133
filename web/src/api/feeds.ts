import { graphql } from '../gql';
import type { FeedsQuery } from '../gql/graphql';

export const FeedsDocument = graphql(`
  query Feeds {
    feeds(limit: 500) {
      id title category severity enabled url version document
      checkedAt fetchedAt nextAt failure pending networks domains leftOut refused { place text reason }
    }
  }
`);

export const FeedIndicatorsDocument = graphql(`
  query FeedIndicators($id: ID!, $containing: String!) {
    feed(id: $id) { indicators(containing: $containing, limit: 100) }
  }
`);

export const SaveFeedDocument = graphql(`
  mutation SaveFeed($document: JSON!, $id: ID, $version: Int) {
    saveFeed(document: $document, id: $id, version: $version) { feed { id } problems { code message path } }
  }
`);

export const DeleteFeedDocument = graphql(`
  mutation DeleteFeed($id: ID!, $version: Int) {
    deleteFeed(id: $id, version: $version) { feed { id } problems { code message path } }
  }
`);

export const RefreshFeedDocument = graphql(`
  mutation RefreshFeed($id: ID!) {
    refreshFeed(id: $id) { feed { id } problems { code message path } }
  }
`);

export const UploadFeedDocument = graphql(`
  mutation UploadFeed($id: ID!, $content: String!) {
    uploadFeed(id: $id, content: $content) {
      feed { id networks domains leftOut } problems { code message path }
    }
  }
`);

export type Feed = FeedsQuery['feeds'][number];
