import { graphql } from '../gql';
import type { RecommendPoliciesQuery } from '../gql/graphql';

/** Policies with their rules, what these rest on, and how they do on what was not learnt from. */
export const RecommendPoliciesDocument = graphql(`
  query RecommendPolicies($target: RecommendationTarget!, $range: TimeRangeInput!, $learnUntil: TimePoint, $unwanted: [KQL!], $alerts: Boolean!, $options: RecommendationOptions!, $limit: Int!) {
    recommendPolicies(target: $target, range: $range, learnUntil: $learnUntil, unwanted: $unwanted, alerts: $alerts, options: $options, limit: $limit) {
      problems { code message path }
      cluster
      learnt { from to }
      connections
      total
      tier
      idle
      leftOut
      policies {
        namespace
        workload
        kind
        name
        yaml
        notes
        ingress {
          action peer protocol ports connections records bytes firstSeen lastSeen daysSeen coverage oneSided unusedPairs notes
          flows(limit: 30) { source target protocol port }
          unused(limit: 10) { namespace name ports endpoints }
        }
        egress {
          action peer protocol ports connections records bytes firstSeen lastSeen daysSeen coverage oneSided unusedPairs notes
          flows(limit: 30) { source target protocol port }
          unused(limit: 10) { namespace name ports endpoints }
        }
      }
      unlearnt { source target protocol port connections why }
      test {
        range { from to }
        legitimate { connections denied uncertain shareDenied }
        unwanted { connections denied uncertain shareDenied }
        newlyAllowed
        lost { source target protocol port connections firstSeen lastSeen decidedBy }
      }
    }
  }
`);

/** How many flows of a rule are asked for: more of them are not named one by one. */
export const FLOWS_OF_A_RULE = 30;

export type Recommendation = RecommendPoliciesQuery['recommendPolicies'];
export type RecommendedPolicy = Recommendation['policies'][number];
export type RecommendedRule = RecommendedPolicy['ingress'][number];
export type LearntFlow = RecommendedRule['flows'][number];
export type Unused = RecommendedRule['unused'][number];
export type Unlearnt = Recommendation['unlearnt'][number];
export type HeldOut = NonNullable<Recommendation['test']>;
export type Lost = HeldOut['lost'][number];
