import '../../dashboards/dashboards.css';
import './rules.css';
import { IconArrowLeft, IconFileImport, IconSearch } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { type AlertRule, AlertRulesDocument } from '../../api/alert-rules';
import { useAsk } from '../../api/use-ask';
import { Problems } from '../../dashboards/Problems';
import { plural } from '../../domain/units';
import { encode } from '../../domain/url-state';
import { carried } from '../../shell/screens';
import { useUrlState } from '../../shell/use-url-state';
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
  const [turning, setTurning] = useState<ReadonlySet<string>>(new Set());
  const [problems, setProblems] = useState<string[]>([]);
  const [said, setSaid] = useState('');
  const [importing, setImporting] = useState(false);
  const all = data?.alertRules;
  const words = state.find.trim().toLowerCase();
  const rules = useMemo(() => (all ?? []).filter((rule) => foundBy(rule, words)), [all, words]);
  const chosen = all?.find((rule) => rule.id === state.rule) ?? null;
  const editable = all?.some((rule) => rule.editable) ?? false;
  const changed = (sentence: string) => {
    setSaid(sentence);
    retry();
  };
  const onTurn = async (rule: AlertRule, enabled: boolean) => {
    if (turning.has(rule.id)) return;
    setTurning((was) => new Set(was).add(rule.id));
    const told = await turn(rule, enabled);
    setTurning((was) => new Set([...was].filter((id) => id !== rule.id)));
    setProblems(told.problems);
    if (told.done) changed(told.done);
  };
  return (
    <div className="rules-page">
      <div className="dash-bar">
        <Link
          to="/alerts"
          search={encode(carried(state, '/alerts'))}
          className="button"
          data-testid="to-alerts"
        >
          <IconArrowLeft size={15} stroke={1.75} aria-hidden />
          Alerts
        </Link>
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
        <span className="t3 small-text" role="status" data-testid="rules-said">
          {said ||
            (all && `${plural(all.length, 'rule')}, ${all.filter(({ enabled }) => enabled).length} on`)}
        </span>
        <span className="top-space" />
        {editable && (
          <button
            type="button"
            className="button primary"
            onClick={() => setImporting(true)}
            data-testid="import-rules"
          >
            <IconFileImport size={15} stroke={1.75} aria-hidden />
            Import
          </button>
        )}
      </div>
      <Problems problems={problems} onClose={() => setProblems([])} />
      <div className="rules-area" data-pane={chosen !== null || undefined}>
        <section className="rules-scroll" aria-label="Rules">
          {problem && (
            <p className="widget-problem" role="alert">
              The rules did not answer: {problem.message}
              <button type="button" className="button small" onClick={retry}>
                Try again
              </button>
            </p>
          )}
          {!all && !problem && <div className="skeleton rules-waiting" aria-busy="true" />}
          {rules.length > 0 && (
            <RuleTable
              rules={rules}
              chosen={chosen?.id ?? null}
              turning={turning}
              onChoose={(rule) => update({ rule: rule.id === chosen?.id ? null : rule.id })}
              onTurn={onTurn}
            />
          )}
          {all && !rules.length && (
            <div className="notice">
              <p className="notice-title">No rule has “{state.find.trim()}” in it.</p>
            </div>
          )}
        </section>
        {chosen && (
          <RulePane
            key={`${chosen.id} ${chosen.version}`}
            rule={chosen}
            onChanged={changed}
            onClose={() => update({ rule: null })}
          />
        )}
      </div>
      {importing && (
        <ImportRules
          onClose={() => setImporting(false)}
          onImported={(sentence) => {
            setImporting(false);
            changed(sentence);
          }}
        />
      )}
    </div>
  );
}
