import { graphql } from '../gql';
import type { ImportScansMutation, SecurityPostureQuery } from '../gql/graphql';

export const SecurityPostureDocument = graphql(`
  query SecurityPosture($range: TimeRangeInput!, $clusters: [ID!]) {
    securityPosture(range: $range, clusters: $clusters, limit: 200) {
      range { from to }
      starts
      overall { ...PostureRating }
      namespaces { ...PostureRating }
      namespacesTotal
      actions { ...PostureAction }
      actionsTotal
      dismissed { ...PostureAction }
      dismissedTotal
      clustersWithoutManifests
    }
  }

  fragment PostureAction on PostureAction {
    id component cluster namespace subjects text workloads gain certain page filter
    dismissal { note by at until subjects }
  }

  fragment PostureRating on PostureScore {
    cluster namespace score atMost coverage workloads trend trendCoverage
    components { component weight score coverage safe unsafe unknown examples }
  }
`);

export const DismissActionDocument = graphql(`
  mutation DismissPostureAction($id: ID!, $note: String!, $until: TimePoint, $subjects: Int) {
    dismissPostureAction(id: $id, note: $note, until: $until, subjects: $subjects) {
      dismissal { at } problems { code message path }
    }
  }
`);

export const ReopenActionDocument = graphql(`
  mutation ReopenPostureAction($id: ID!) {
    reopenPostureAction(id: $id) { dismissal { at } problems { code message path } }
  }
`);

export const ScanTargetsDocument = graphql(`
  query ScanTargets { mayImportScans clusters { id name title } }
`);

export const ImportScansDocument = graphql(`
  mutation ImportScans($cluster: String!, $report: JSON!) {
    importScans(cluster: $cluster, report: $report) { images grave passedOver problems { code message path } }
  }
`);

export type Posture = SecurityPostureQuery['securityPosture'];
export type Rating = Posture['overall'];
export type Part = Rating['components'][number];
export type Action = Posture['actions'][number];
export type ScanImport = Omit<ImportScansMutation['importScans'], 'problems'>;
