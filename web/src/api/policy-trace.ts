import { graphql } from '../gql';
import type { PolicyTraceQuery } from '../gql/graphql';

export const PolicyTraceDocument = graphql(`
  query PolicyTrace($flow: ID!) {
    policyTrace(flow: $flow) {
      asOf
      side
      action
      logged { set tier kind namespace name action ruleIndex staged endOfTier }
      enforced { verdict steps { tier kind namespace name action ruleIndex staged endOfTier } doubts }
      pending { verdict steps { tier kind namespace name action ruleIndex staged endOfTier } doubts }
      warnings
    }
  }
`);

export type PolicyTrace = NonNullable<PolicyTraceQuery['policyTrace']>;
export type Evaluated = NonNullable<PolicyTrace['enforced']>;
export type Step = Evaluated['steps'][number];
