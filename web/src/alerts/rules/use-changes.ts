import { useMemo } from 'react';
import type { AnyVariables, TypedDocumentNode } from 'urql';
import {
  type AlertRule,
  DeleteAlertRuleDocument,
  ImportAlertRulesDocument,
  SaveAlertRuleDocument,
  SwitchAlertRuleDocument,
} from '../../api/alert-rules';
import { useApi } from '../../api/context';
import { readProblem } from '../../api/errors';
import { plural } from '../../domain/units';

export interface Changed {
  /** What was done, in a sentence; null where nothing was. */
  done: string | null;
  /** Why nothing was changed: sentences, each of which says where. */
  problems: string[];
}

interface Answer {
  problems: readonly { message: string }[];
}

/** Changes of rules, each of which says what became of it. */
export function useChanges() {
  const { client } = useApi();
  return useMemo(() => {
    async function ask<Data, Variables extends AnyVariables>(
      document: TypedDocumentNode<Data, Variables>,
      variables: Variables,
      done: (answer: Data) => string,
    ): Promise<Changed> {
      const { data, error } = await client.mutation(document, variables).toPromise();
      if (error || !data)
        return { done: null, problems: [error ? readProblem(error).message : 'The API gave no answer.'] };
      const [answer] = Object.values(data as Record<string, Answer>);
      const problems = (answer?.problems ?? []).map(({ message }) => message);
      return { done: problems.length ? null : done(data), problems };
    }
    return {
      turn: (rule: AlertRule, enabled: boolean) =>
        ask(SwitchAlertRuleDocument, { id: rule.id, enabled }, () => `Switched ${enabled ? 'on' : 'off'}.`),
      save: (document: unknown, over: AlertRule | null) =>
        ask(SaveAlertRuleDocument, { document, id: over?.id ?? null, version: over?.version ?? null }, () =>
          over ? 'Saved.' : 'Saved as a new rule.',
        ),
      remove: (rule: AlertRule) =>
        ask(DeleteAlertRuleDocument, { id: rule.id, version: rule.version }, () =>
          rule.replacesBuiltin ? 'It is as it came with Tapetum again.' : 'Deleted.',
        ),
      take: (rules: string[]) =>
        ask(ImportAlertRulesDocument, { rules }, ({ importAlertRules }) => {
          const { added = 0, changed = 0, unchanged = 0 } = importAlertRules.alertRules ?? {};
          return `${plural(added, 'rule')} added, ${changed} changed, ${unchanged} unchanged.`;
        }),
    };
  }, [client]);
}
