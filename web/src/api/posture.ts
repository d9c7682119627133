import { graphql } from '../gql';
import type { SecurityPostureQuery } from '../gql/graphql';

export const SecurityPostureDocument = graphql(`
  query SecurityPosture($range: TimeRangeInput!, $clusters: [ID!]) {
    securityPosture(range: $range, clusters: $clusters, limit: 200) {
      range { from to }
      starts
      overall { ...PostureRating }
      namespaces { ...PostureRating }
      namespacesTotal
      actions { component cluster namespace text workloads gain certain page filter }
      actionsTotal
      clustersWithoutManifests
    }
  }

  fragment PostureRating on PostureScore {
    cluster namespace score atMost coverage workloads trend trendCoverage
    components { component weight score coverage safe unsafe unknown examples }
  }
`);

export type Posture = SecurityPostureQuery['securityPosture'];
export type Rating = Posture['overall'];
export type Part = Rating['components'][number];
export type Action = Posture['actions'][number];
