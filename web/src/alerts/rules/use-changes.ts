import { useMemo } from 'react';
import {
  type AlertRule,
  DeleteAlertRuleDocument,
  ImportAlertRulesDocument,
  SaveAlertRuleDocument,
  SwitchAlertRuleDocument,
} from '../../api/alert-rules';
import { change } from '../../api/changes';
import { useApi } from '../../api/context';
import { plural } from '../../domain/units';

export type { Changed } from '../../api/changes';

/** Changes of rules, each of which says what became of it. */
export function useChanges() {
  const { client } = useApi();
  return useMemo(
    () => ({
      turn: (rule: AlertRule, enabled: boolean) =>
        change(
          client,
          SwitchAlertRuleDocument,
          { id: rule.id, enabled },
          () => `Switched ${enabled ? 'on' : 'off'}.`,
        ),
      save: (document: unknown, over: AlertRule | null) =>
        change(
          client,
          SaveAlertRuleDocument,
          { document, id: over?.id ?? null, version: over?.version ?? null },
          () => (over ? 'Saved.' : 'Saved as a new rule.'),
        ),
      remove: (rule: AlertRule) =>
        change(client, DeleteAlertRuleDocument, { id: rule.id, version: rule.version }, () =>
          rule.replacesBuiltin ? 'It is as it came with Tapetum again.' : 'Deleted.',
        ),
      take: (rules: string[]) =>
        change(client, ImportAlertRulesDocument, { rules }, ({ importAlertRules }) => {
          const { added = 0, changed = 0, unchanged = 0 } = importAlertRules.alertRules ?? {};
          return `${plural(added, 'rule')} added, ${changed} changed, ${unchanged} unchanged.`;
        }),
    }),
    [client],
  );
}
