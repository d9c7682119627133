import { graphql } from '../gql';
import type { ViewsQuery } from '../gql/graphql';

export const ViewsDocument = graphql(`
  query Views { views(limit: 500) { id title description page search editable shared owner version } }
`);

export const SaveViewDocument = graphql(`
  mutation SaveView($document: JSON!, $id: ID, $version: Int, $shared: Boolean) {
    saveView(document: $document, id: $id, version: $version, shared: $shared) {
      view { id title description page search editable shared owner version }
      problems { message }
    }
  }
`);

export const DeleteViewDocument = graphql(`
  mutation DeleteView($id: ID!, $version: Int) {
    deleteView(id: $id, version: $version) { problems { message } }
  }
`);

export type SavedView = ViewsQuery['views'][number];
