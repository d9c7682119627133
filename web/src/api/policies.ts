import { graphql } from '../gql';
import type { PolicyBoardQuery, PolicyQuery } from '../gql/graphql';

export const PolicyBoardDocument = graphql(`
  query PolicyBoard($range: TimeRangeInput!, $clusters: [ID!]) {
    policyBoard(range: $range, clusters: $clusters) {
      range { from to }
      asOf
      interval
      clustersWithoutManifests
      unselected { records }
      notImported { cluster tier kind namespace name counts { allowed denied passed records last } }
      tiers {
        cluster name order defaultAction defined
        ended { allowed denied passed allowedTrend deniedTrend passedTrend }
        policies {
          id cluster kind namespace name tier order staged governs selects maySelect unused lastEvaluated
          counts { allowed denied passed allowedTrend deniedTrend passedTrend }
          rules { finding { kind } }
        }
      }
    }
  }
`);

export const PolicyDocument = graphql(`
  query Policy($id: ID!, $range: TimeRangeInput!) {
    policy(id: $id, range: $range) {
      id cluster kind namespace name tier order staged selector governs selects maySelect unused lastEvaluated
      notes yaml
      counts { allowed denied passed allowedTrend deniedTrend passedTrend }
      rules {
        side index action traffic peer subject
        counts { allowed denied passed last }
        finding { kind basis text by { policyId name side index tier } }
      }
      endpoints(limit: 100) { namespace name sure nodeId }
      history(limit: 20) { from until document origin by }
    }
  }
`);

export type Board = PolicyBoardQuery['policyBoard'];
export type Tier = Board['tiers'][number];
export type Card = Tier['policies'][number];
export type Logged = Board['notImported'][number];
export type Policy = NonNullable<PolicyQuery['policy']>;
export type Rule = Policy['rules'][number];
export type Version = Policy['history'][number];
