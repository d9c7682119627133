import './rules.css';
import { IconFileImport, IconSearch } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { AlertRulesDocument } from '../../api/alert-rules';
import { useAsk } from '../../api/use-ask';
import { plural } from '../../domain/units';
import { useUrlState } from '../../shell/use-url-state';
import { KeptPage } from '../kept/KeptPage';
import { useTelling } from '../kept/use-telling';
import { ImportRules } from './ImportRules';
import { RulePane } from './RulePane';
import { RuleTable } from './RuleTable';
import { useChanges } from './use-changes';
import { foundBy } from './words';

const NONE = {};

/** What raises alerts: the rules of the product, and those that were saved and imported. */
export function RulesPage() {
  const [state, update] = useUrlState();
  const { data, problem, retry } = useAsk(AlertRulesDocument, NONE);
  const { turn } = useChanges();
  const telling = useTelling(retry);
  const [importing, setImporting] = useState(false);
  const all = data?.alertRules;
  const words = state.find.trim().toLowerCase();
  const rules = useMemo(() => (all ?? []).filter((rule) => foundBy(rule, words)), [all, words]);
  const chosen = all?.find((rule) => rule.id === state.rule) ?? null;
  const editable = all?.some((rule) => rule.editable) ?? false;
  const counted = all && `${plural(all.length, 'rule')}, ${all.filter(({ enabled }) => enabled).length} on`;
  return (
    <>
      <KeptPage
        many="rules"
        problem={problem}
        waiting={!all}
        retry={retry}
        said={telling.said || counted || ''}
        problems={telling.problems}
        onRead={() => telling.setProblems([])}
        find={
          <label className="dash-find">
            <IconSearch size={15} stroke={1.75} aria-hidden />
            <input
              className="text-field"
              placeholder="Find a rule"
              aria-label="Find a rule"
              value={state.find}
              onChange={(event) => update({ find: event.target.value }, { replace: true })}
              data-testid="find-rule"
            />
          </label>
        }
        action={
          editable && (
            <button
              type="button"
              className="button primary"
              onClick={() => setImporting(true)}
              data-testid="import-rules"
            >
              <IconFileImport size={15} stroke={1.75} aria-hidden />
              Import
            </button>
          )
        }
        pane={
          chosen && (
            <RulePane
              key={`${chosen.id} ${chosen.version}`}
              rule={chosen}
              onChanged={telling.changed}
              onClose={() => update({ rule: null })}
            />
          )
        }
      >
        {rules.length > 0 && (
          <RuleTable
            rules={rules}
            chosen={chosen?.id ?? null}
            turning={telling.turning}
            onChoose={(rule) => update({ rule: rule.id === chosen?.id ? null : rule.id })}
            onTurn={(rule, enabled) => telling.turn(rule.id, enabled, () => turn(rule, enabled))}
          />
        )}
        {all && !rules.length && (
          <div className="notice">
            <p className="notice-title">No rule has “{state.find.trim()}” in it.</p>
          </div>
        )}
      </KeptPage>
      {importing && (
        <ImportRules
          onClose={() => setImporting(false)}
          onImported={(sentence) => {
            setImporting(false);
            telling.changed(sentence);
          }}
        />
      )}
    </>
  );
}
