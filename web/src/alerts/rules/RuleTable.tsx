import type { AlertRule } from '../../api/alert-rules';
import { KINDS, type LogKind } from '../../domain/log-kinds';
import { visible } from '../../domain/names';
import { severityWord } from '../../domain/severity';
import { SeverityGlyph } from '../SeverityGlyph';
import { judgedBy, originWords } from './words';

interface Props {
  rules: readonly AlertRule[];
  chosen: string | null;
  /** Ids of rules that are being switched. */
  turning: ReadonlySet<string>;
  onChoose: (rule: AlertRule) => void;
  onTurn: (rule: AlertRule, enabled: boolean) => void;
}

/** A rule a row: whether it is on, how bad what it finds is, and what it judges. */
export function RuleTable({ rules, chosen, turning, onChoose, onTurn }: Props) {
  return (
    <table className="table rules-table" aria-label="Alert rules">
      <thead>
        <tr>
          <th scope="col">On</th>
          <th scope="col">Rule</th>
          <th scope="col">Severity</th>
          <th scope="col">Logs</th>
          <th scope="col" className="wide-only">
            Raises an alert for
          </th>
          <th scope="col">From</th>
        </tr>
      </thead>
      <tbody>
        {rules.map((rule) => (
          <tr key={rule.id} aria-selected={rule.id === chosen} data-testid="rule">
            <td>
              <input
                type="checkbox"
                className="rule-switch"
                aria-label={`${visible(rule.title)}: on`}
                checked={rule.enabled}
                disabled={!rule.editable}
                aria-busy={turning.has(rule.id)}
                onChange={(event) => onTurn(rule, event.target.checked)}
                data-testid="rule-switch"
              />
            </td>
            <td>
              <button
                type="button"
                className="rule-title cut"
                aria-expanded={rule.id === chosen}
                onClick={() => onChoose(rule)}
                data-testid="rule-title"
              >
                {visible(rule.title)}
              </button>
            </td>
            <td>
              <span className="rule-severity">
                <SeverityGlyph level={rule.level} size={14} />
                <span className="num">{rule.severity}</span>
                <span className="t3">{severityWord(rule.level)}</span>
              </span>
            </td>
            <td>{KINDS[rule.kind as LogKind]?.label ?? rule.kind}</td>
            <td className="wide-only t2">{visible(judgedBy(rule))}</td>
            <td className="t2">{originWords(rule)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
