import {
  IconArrowDownLeft,
  IconArrowUpRight,
  IconBan,
  IconCheck,
  IconChevronsRight,
  IconFlask,
} from '@tabler/icons-react';
import { inNamespace, visible } from '../../domain/names';
import { exact } from '../../domain/units';
import { Section } from './Section';
import { type Policy, ruleWord } from './sentence';

interface Props {
  policies: readonly Policy[];
  source: string;
  target: string;
}

/** The policies that decided, in the order the traffic met them: egress first, then ingress. */
export function Policies({ policies, source, target }: Props) {
  const enforced = policies.filter((policy) => policy.set === 'ENFORCED');
  const pending = policies.filter((policy) => policy.set === 'PENDING' && policy.staged);
  const egress = enforced.filter((policy) => policy.reporter === 'SRC');
  const ingress = enforced.filter((policy) => policy.reporter === 'DST');
  return (
    <Section title="Policies that decided" testid="panel-policies">
      {enforced.length === 0 && <p className="t3 section-note">No policy was named in these flows.</p>}
      {egress.length > 0 && (
        <p className="policy-way">
          <IconArrowUpRight size={13} stroke={1.75} aria-hidden /> Egress from {source}
        </p>
      )}
      <List policies={egress} />
      {ingress.length > 0 && (
        <p className="policy-way">
          <IconArrowDownLeft size={13} stroke={1.75} aria-hidden /> Ingress to {target}
        </p>
      )}
      <List policies={ingress} />
      {pending.length > 0 && (
        <p className="policy-way">
          <IconFlask size={13} stroke={1.75} aria-hidden /> Staged
        </p>
      )}
      <List policies={pending} />
    </Section>
  );
}

const GLYPHS = { ALLOW: IconCheck, DENY: IconBan, PASS: IconChevronsRight };
const WORDS = { ALLOW: 'allows', DENY: 'denies', PASS: 'passes on' };

function List({ policies }: { policies: readonly Policy[] }) {
  if (!policies.length) return null;
  return (
    <ul className="policy-list">
      {policies.map((policy) => {
        const Glyph = GLYPHS[policy.action];
        return (
          <li
            key={`${policy.reporter} ${policy.tier} ${policy.namespace} ${policy.name} ${policy.ruleIndex} ${policy.action}`}
            data-action={policy.action}
          >
            <span className="policy-glyph">
              <Glyph size={12} stroke={2.4} role="img" aria-label={WORDS[policy.action]} />
            </span>
            <span className="t3 cut">
              {policy.tier === '__PROFILE__' ? 'profile' : visible(policy.tier) || 'no tier'}
            </span>
            <span className="strong cut" title={inNamespace(policy.namespace, visible(policy.name))}>
              {policy.kind === 'PROFILE' || policy.name.startsWith('kns.')
                ? 'No policy selects it'
                : visible(policy.name)}
            </span>
            <span className="t3 num">
              {ruleWord(policy)}
              {policy.connections && policy.connections !== '0' ? `, ${exact(policy.connections)}` : ''}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
