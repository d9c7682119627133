import { graphql } from '../gql';
import type { AlertRulesQuery } from '../gql/graphql';

export const AlertRulesDocument = graphql(`
  query AlertRules {
    alertRules(limit: 1000) {
      id title builtin replacesBuiltin editable owner version updatedAt updatedBy
      enabled kind filter clusters severity level description technique tactic document
      window { lookback period groupBy op field condition threshold hold }
      detector { name lookback hold }
    }
  }
`);

/** What rules look for, in the words of ATT&CK. */
export const WatchedTechniquesDocument = graphql(`
  query WatchedTechniques {
    alertRules(limit: 1000) { id title enabled technique tactic }
  }
`);

export const SaveAlertRuleDocument = graphql(`
  mutation SaveAlertRule($document: JSON!, $id: ID, $version: Int) {
    saveAlertRule(document: $document, id: $id, version: $version) {
      alertRule { id } problems { code message path }
    }
  }
`);

export const SwitchAlertRuleDocument = graphql(`
  mutation SwitchAlertRule($id: ID!, $enabled: Boolean!) {
    switchAlertRule(id: $id, enabled: $enabled) { alertRule { id } problems { code message path } }
  }
`);

export const DeleteAlertRuleDocument = graphql(`
  mutation DeleteAlertRule($id: ID!, $version: Int) {
    deleteAlertRule(id: $id, version: $version) { alertRule { id } problems { code message path } }
  }
`);

export const ImportAlertRulesDocument = graphql(`
  mutation ImportAlertRules($rules: [String!]!) {
    importAlertRules(rules: $rules) {
      alertRules { added changed unchanged } problems { code message path }
    }
  }
`);

export type AlertRule = AlertRulesQuery['alertRules'][number];
export type AlertWindow = NonNullable<AlertRule['window']>;
