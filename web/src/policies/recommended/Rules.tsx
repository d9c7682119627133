import { IconAlertTriangle, IconBan, IconCheck } from '@tabler/icons-react';
import type { RecommendedPolicy, RecommendedRule } from '../../api/recommendation';
import { visible } from '../../domain/names';
import { bytes, exact, plural } from '../../domain/units';
import { FlowActions, type OnFlows } from './FlowActions';
import { flowsOf, type Side } from './flows';
import { seen, share, trafficOf } from './model';
import { UnusedList } from './UnusedList';

interface Props {
  policy: RecommendedPolicy;
  onFlows: OnFlows;
}

const SIDES = [
  ['ingress', 'Ingress'],
  ['egress', 'Egress'],
] as const;

/** Each rule with what it rests on, and what it permits that was never seen. */
export function Rules({ policy, onFlows }: Props) {
  const most = Math.max(0, ...[...policy.ingress, ...policy.egress].map(({ coverage }) => coverage));
  return SIDES.map(([side, title]) => (
    <section key={side} aria-label={`${title} rules`}>
      <h3>
        {title} <span className="count">{policy[side].length}</span>
      </h3>
      {policy[side].length === 0 && <p className="t2">Nothing was seen in this direction: it is denied.</p>}
      <ol className="recommended-rules">
        {policy[side].map((rule, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a rule is its place among the others
          <Rule key={at} rule={rule} side={side} most={most} onFlows={onFlows} />
        ))}
      </ol>
    </section>
  ));
}

interface RuleProps {
  rule: RecommendedRule;
  side: Side;
  most: number;
  onFlows: OnFlows;
}

function Rule({ rule, side, most, onFlows }: RuleProps) {
  const denies = rule.action === 'DENY';
  const flows = flowsOf(rule, side);
  return (
    <li data-testid="recommended-rule">
      <div className="rule-line">
        <span className={`pill ${denies ? 'denied' : 'allowed'}`}>
          {denies ? (
            <IconBan size={12} stroke={2.4} aria-hidden />
          ) : (
            <IconCheck size={12} stroke={2.4} aria-hidden />
          )}
          {denies ? 'Deny' : 'Allow'}
        </span>
        <span className="mono strong">{trafficOf(rule)}</span>
        <span className="t3">{side === 'ingress' ? 'from' : 'to'}</span>
        <span className="mono rule-peer">{visible(rule.peer) || 'anyone'}</span>
        {flows && <FlowActions flows={flows} onFlows={onFlows} />}
      </div>
      {denies && <p className="t3">It rests on no flow: whatever is not allowed above.</p>}
      {!denies && (
        <>
          <p className="rule-proof num">
            <span className="coverage" aria-hidden>
              <span style={{ width: `${most ? Math.max(1, (100 * rule.coverage) / most) : 0}%` }} />
            </span>
            <span>
              <b>{share(rule.coverage)}</b> of what was learnt:{' '}
              {plural(Number(rule.connections), 'connection')}
            </span>
            <span className="t3">
              {exact(rule.records)} records · {bytes(Number(rule.bytes))} · {plural(rule.daysSeen, 'day')}
              {rule.firstSeen && rule.lastSeen && ` · ${seen(rule.firstSeen, rule.lastSeen)}`}
            </span>
          </p>
          <UnusedList rule={rule} />
        </>
      )}
      {rule.oneSided && <p className="t3">Only one end reported some of these connections.</p>}
      {rule.notes.map((note) => (
        <p key={note} className="warn-ink rule-doubt">
          <IconAlertTriangle size={13} stroke={2} aria-hidden />
          {visible(note)}
        </p>
      ))}
      {flows?.wider && (
        <p className="t3">Its other ends are too many to name: flows and marks are of all at these ports.</p>
      )}
    </li>
  );
}
