import type { AlertRule } from '../../api/alert-rules';
import { KINDS, type LogKind } from '../../domain/log-kinds';
import { visible } from '../../domain/names';
import { severityWord } from '../../domain/severity';
import { type Column, KeptTable } from '../kept/KeptTable';
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

const COLUMNS: readonly Column<AlertRule>[] = [
  {
    head: 'Severity',
    cell: (rule) => (
      <span className="rule-severity">
        <SeverityGlyph level={rule.level} size={14} />
        <span className="num">{rule.severity}</span>
        <span className="t3">{severityWord(rule.level)}</span>
      </span>
    ),
  },
  { head: 'Logs', cell: (rule) => KINDS[rule.kind as LogKind]?.label ?? rule.kind },
  {
    head: 'Raises an alert for',
    className: 'wide-only',
    tone: () => 't2',
    cell: (rule) => visible(judgedBy(rule)),
  },
  { head: 'From', tone: () => 't2', cell: originWords },
];

/** A rule a row: whether it is on, how bad what it finds is, and what it judges. */
export function RuleTable({ rules, ...rest }: Props) {
  return <KeptTable one="rule" label="Alert rules" head="Rule" rows={rules} columns={COLUMNS} {...rest} />;
}
