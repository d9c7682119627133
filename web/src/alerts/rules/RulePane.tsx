import { IconListSearch, IconRestore, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import type { AlertRule } from '../../api/alert-rules';
import { Problems } from '../../dashboards/Problems';
import type { LogKind } from '../../domain/log-kinds';
import { visible } from '../../domain/names';
import { ago } from '../../domain/units';
import { useUrlState } from '../../shell/use-url-state';
import { excepted } from '../exception';
import { KeptPane } from '../kept/KeptPane';
import { type Changed, useChanges } from './use-changes';
import { judgedBy, originWords } from './words';

interface Props {
  rule: AlertRule;
  onChanged: (said: string) => void;
  onClose: () => void;
}

/** One rule: what it says, and its document to read, change and take along. */
export function RulePane({ rule, onChanged, onClose }: Props) {
  const [state, update] = useUrlState();
  const changes = useChanges();
  const whole = `${JSON.stringify(rule.document, null, 2)}\n`;
  const except = rule.editable ? state.except : null;
  const [text, setText] = useState(() => (except ? withException(rule.document, except) : whole));
  const [problems, setProblems] = useState<string[]>([]);
  const after = ({ done, problems: told }: Changed) => {
    setProblems(told);
    if (!done) return;
    if (state.except) update({ except: null }, { replace: true });
    onChanged(done);
  };
  const save = async (over: AlertRule | null) => {
    try {
      after(await changes.save(JSON.parse(text), over));
    } catch (reason) {
      setProblems([`The text is no JSON: ${String(reason).replace(/^\w*Error: /, '')}.`]);
    }
  };
  const saved = rule.updatedAt ? `, ${ago(Date.parse(rule.updatedAt), Date.now())}` : '';
  const by = rule.updatedBy ? ` by ${visible(rule.updatedBy)}` : '';
  return (
    <KeptPane one="rule" title={rule.title} onClose={onClose}>
      <p className="t2">{visible(rule.description) || 'It does not say what it means.'}</p>
      <dl>
        <dt>Filter</dt>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys */}
        <dd className="mono" tabIndex={0}>
          {visible(rule.filter) || 'every record'}
        </dd>
        <dt>Raises for</dt>
        <dd>{visible(judgedBy(rule))}</dd>
        <dt>MITRE</dt>
        <dd>{[rule.technique, rule.tactic].filter(Boolean).join(', ') || 'none'}</dd>
        <dt>Clusters</dt>
        <dd>{rule.clusters ? visible(rule.clusters.join(', ')) : 'all'}</dd>
        <dt>From</dt>
        <dd>
          {originWords(rule)}
          {saved}
          {by}
        </dd>
      </dl>
      <div className="kept-actions">
        <button
          type="button"
          className="button small"
          onClick={() => update({ kind: rule.kind as LogKind, query: rule.filter }, { to: '/logs' })}
          data-testid="rule-logs"
        >
          <IconListSearch size={14} stroke={1.75} aria-hidden />
          Logs that it is about
        </button>
        {rule.editable && !rule.builtin && (
          <button
            type="button"
            className="button small"
            onClick={async () => after(await changes.remove(rule))}
            data-testid="rule-delete"
          >
            {rule.replacesBuiltin ? (
              <IconRestore size={14} stroke={1.75} aria-hidden />
            ) : (
              <IconTrash size={14} stroke={1.75} aria-hidden />
            )}
            {rule.replacesBuiltin ? 'As it came with Tapetum' : 'Delete'}
          </button>
        )}
      </div>
      {except && (
        <p className="record-note" data-testid="rule-excepts">
          <span className="chip warn">Not saved</span> The filter below leaves out{' '}
          <span className="mono">{visible(except)}</span>. Save it to put it in force.
        </p>
      )}
      <textarea
        className="text-field mono rule-text"
        aria-label="The rule as JSON"
        readOnly={!rule.editable}
        spellCheck={false}
        value={text}
        onChange={(event) => setText(event.target.value)}
        data-testid="rule-text"
      />
      <Problems problems={problems} />
      {rule.editable ? (
        <div className="ask-buttons">
          <button type="button" className="button" onClick={() => save(null)} data-testid="rule-copy">
            Save as a new rule
          </button>
          <button
            type="button"
            className="button primary"
            disabled={text === whole}
            onClick={() => save(rule)}
            data-testid="rule-save"
          >
            Save
          </button>
        </div>
      ) : (
        <p className="t3 small-text">Only a token without limits changes rules.</p>
      )}
    </KeptPane>
  );
}

function withException(document: unknown, exception: string): string {
  const rule = document as { filter?: string };
  return `${JSON.stringify({ ...rule, filter: excepted(rule.filter ?? '', exception) }, null, 2)}\n`;
}
