import { graphql } from '../gql';
import type { DashboardQuery, DashboardsQuery } from '../gql/graphql';

export const DashboardsDocument = graphql(`
  query Dashboards {
    dashboards(limit: 500) { id title description builtin editable shared owner version updatedAt updatedBy }
  }
`);

export const DashboardDocument = graphql(`
  query Dashboard($id: ID!) {
    dashboard(id: $id) { id title builtin editable shared owner version updatedAt updatedBy document }
  }
`);

export const SaveDashboardDocument = graphql(`
  mutation SaveDashboard($document: JSON!, $id: ID, $version: Int, $shared: Boolean) {
    saveDashboard(document: $document, id: $id, version: $version, shared: $shared) {
      dashboard { id title builtin editable shared owner version updatedAt updatedBy document }
      problems { code message path }
    }
  }
`);

export const DeleteDashboardDocument = graphql(`
  mutation DeleteDashboard($id: ID!, $version: Int) {
    deleteDashboard(id: $id, version: $version) { dashboard { id } problems { code message path } }
  }
`);

export type DashboardEntry = DashboardsQuery['dashboards'][number];
export type SavedDashboard = NonNullable<DashboardQuery['dashboard']>;
