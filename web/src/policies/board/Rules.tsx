import { IconBan, IconCheck, IconChevronsRight, IconNotes } from '@tabler/icons-react';
import type { Policy, Rule } from '../../api/policies';
import { visible } from '../../domain/names';
import { ago, exact } from '../../domain/units';
import { Highlighted } from '../../kql/Highlighted';
import { actionOf, amount, flowsOf, ruleCount } from './model';

const ACTIONS: Record<string, [string, typeof IconCheck]> = {
  Allow: ['allowed', IconCheck],
  Deny: ['denied', IconBan],
  Pass: ['pass', IconChevronsRight],
  Log: ['pass', IconNotes],
};
const FOUND = { SHADOWED: 'Never reached', REDUNDANT: 'Changes nothing', NO_MATCH: 'Matches nothing' };

interface Props {
  policy: Policy;
  now: number;
  onPick: (id: string) => void;
  onLogs: (query: string, cluster: string) => void;
}

/** Its rules as they are tried, each with what it did and why it may do nothing. */
export function Rules({ policy, now, onPick, onLogs }: Props) {
  const most = Math.max(1, ...policy.rules.map(ruleCount));
  const denied = flowsOf(policy, policy.staged !== null, 'deny');
  return (
    <>
      {(['INGRESS', 'EGRESS'] as const).map((side) => {
        const rules = policy.rules.filter((rule) => rule.side === side);
        if (!rules.length) return null;
        return (
          <section key={side} aria-label={`${side.toLowerCase()} rules`}>
            <h3>
              {side === 'INGRESS' ? 'Ingress' : 'Egress'} <span className="count">{rules.length}</span>
            </h3>
            <ol className="rules">
              {rules.map((rule) => (
                <RuleRow
                  key={rule.index}
                  rule={rule}
                  most={most}
                  now={now}
                  onPick={onPick}
                  onLogs={() =>
                    onLogs(flowsOf(policy, policy.staged !== null, actionOf(rule), rule), policy.cluster)
                  }
                />
              ))}
            </ol>
          </section>
        );
      })}
      {!policy.rules.length && (
        <p className="t2">It has no rules: whatever it selects is left to the end of its tier.</p>
      )}
      {amount(policy.counts.denied) > 0 && (
        <button
          type="button"
          className="policy-kql"
          onClick={() => onLogs(denied, policy.cluster)}
          aria-label="Open what it denied in Logs"
          data-testid="denied-logs"
        >
          <Highlighted text={denied} scroll={0} underline={null} />
        </button>
      )}
    </>
  );
}

interface RowProps {
  rule: Rule;
  most: number;
  now: number;
  onPick: (id: string) => void;
  onLogs: () => void;
}

function RuleRow({ rule, most, now, onPick, onLogs }: RowProps) {
  const [tone, Icon] = ACTIONS[rule.action] ?? ['pass', IconNotes];
  const count = ruleCount(rule);
  const { finding } = rule;
  return (
    <li className="rule" data-testid="rule" data-found={finding?.kind}>
      <span className="rule-index mono t3">{rule.index}</span>
      <span className={`pill ${tone}`}>
        <Icon size={12} stroke={2.4} aria-hidden />
        {rule.action}
      </span>
      <span className="mono cut" title={rule.traffic}>
        {visible(rule.traffic)}
      </span>
      <button type="button" className="link-button rule-count mono" onClick={onLogs} title="Open in Logs">
        {rule.action === 'Log' ? 'logs' : exact(count)}
      </button>
      <span className="rule-who t2">
        {rule.peer ? `${rule.side === 'INGRESS' ? 'from' : 'to'} ${visible(rule.peer)}` : 'anyone'}
        {rule.subject && `, of it only ${visible(rule.subject)}`}
      </span>
      <span className="rule-last t3">
        {rule.counts.last ? ago(Date.parse(rule.counts.last), now) : 'not in this range'}
      </span>
      <span className="rule-bar">
        <span className={`rule-fill ${tone}`} style={{ width: `${(100 * count) / most}%` }} />
      </span>
      {finding && (
        <p className="rule-finding" data-testid="finding">
          <span className="chip warn">{FOUND[finding.kind]}</span> {visible(finding.text)}{' '}
          {finding.by.map(
            (by) =>
              by.policyId && (
                <button
                  key={`${by.policyId} ${by.side} ${by.index}`}
                  type="button"
                  className="link-button"
                  onClick={() => by.policyId && onPick(by.policyId)}
                >
                  {visible(by.name ?? '')}, rule {by.index}
                </button>
              ),
          )}
        </p>
      )}
    </li>
  );
}
