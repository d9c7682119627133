import { graphql } from '../gql';
import type { SimulateQuery } from '../gql/graphql';

/** One page of flips and everything else; further pages give the resolved range and a cursor. */
export const SimulateDocument = graphql(`
  query Simulate($changes: [PolicyChangeInput!]!, $range: TimeRangeInput!, $cluster: String!, $filter: KQL, $first: Int!, $after: String) {
    simulatePolicies(changes: $changes, range: $range, cluster: $cluster, filter: $filter) {
      problems { code message path }
      cluster
      range { from to }
      totals { effect paths traffic { records connections } }
      disagreeing { records connections }
      verdictKeys
      leftOut
      objects { kind namespace name before after }
      flips(first: $first, after: $after) {
        totalCount
        pageInfo { hasNextPage endCursor }
        nodes {
          id
          effect
          edgeId
          source { id kind name namespace cluster parentId members }
          target { id kind name namespace cluster parentId members }
          protocol
          port
          allowed { records connections packets packetsIn packetsOut bytesIn bytesOut bytesToTarget bytesToSource estimated }
          denied { records connections packets packetsIn packetsOut bytesIn bytesOut bytesToTarget bytesToSource estimated }
          firstSeen
          lastSeen
          verdictKeys
          before {
            verdict
            egress { verdict steps { tier kind namespace name action ruleIndex documentRule staged endOfTier } doubts }
            ingress { verdict steps { tier kind namespace name action ruleIndex documentRule staged endOfTier } doubts }
          }
          after {
            verdict
            egress { verdict steps { tier kind namespace name action ruleIndex documentRule staged endOfTier } doubts }
            ingress { verdict steps { tier kind namespace name action ruleIndex documentRule staged endOfTier } doubts }
          }
        }
      }
    }
  }
`);

export type Simulation = SimulateQuery['simulatePolicies'];
export type SimulationProblem = Simulation['problems'][number];
export type ChangedObject = Simulation['objects'][number];
export type FlipNode = NonNullable<Simulation['flips']>['nodes'][number];
export type Effect = FlipNode['effect'];
export type Evaluation = FlipNode['before'];
export type EndEvaluation = NonNullable<Evaluation['egress']>;
export type Step = EndEvaluation['steps'][number];
