import { IconBan, IconCheck, IconChevronsRight } from '@tabler/icons-react';
import type { Tier } from '../../api/policies';
import { visible } from '../../domain/names';
import { exact, short } from '../../domain/units';
import { amount } from './model';
import { PolicyCard } from './PolicyCard';
import { Sparkline, together } from './Sparkline';

interface Props {
  tier: Tier;
  /** Null where there is one cluster only. */
  cluster: string | null;
  now: number;
  selected: string | null;
  focusable: string | null;
  onPick: (id: string) => void;
  onEnded: () => void;
}

const ENDS = {
  PASS: ['pass', 'Pass to next tier', IconChevronsRight],
  DENY: ['denied', 'Deny the rest', IconBan],
  ALLOW: ['allowed', 'Allow the rest', IconCheck],
} as const;

export function TierColumn({ tier, cluster, now, selected, focusable, onPick, onEnded }: Props) {
  const [tone, words, Icon] = ENDS[tier.defaultAction];
  const { ended } = tier;
  const through = amount(ended.allowed) + amount(ended.denied) + amount(ended.passed);
  return (
    <section className="tier" aria-label={`Tier ${tier.name}`} data-testid="tier">
      <header className="tier-head">
        <h2 className="cut">
          {visible(tier.name)} <span className="count">{tier.policies.length}</span>
        </h2>
        <span className="t3">
          order <span className="mono">{tier.order === null ? 'last' : exact(tier.order)}</span>
        </span>
        {(cluster || !tier.defined) && (
          <span className="tier-note t3 cut">
            {cluster && visible(cluster)}
            {!tier.defined && ' Not described by any manifest'}
          </span>
        )}
      </header>
      <ul className="tier-cards" tabIndex={tier.policies.length ? -1 : 0}>
        {tier.policies.map((card) => (
          <PolicyCard
            key={card.id}
            card={card}
            now={now}
            selected={card.id === selected}
            focusable={card.id === focusable}
            onPick={() => onPick(card.id)}
          />
        ))}
        {tier.policies.length === 0 && <li className="tier-none t3">None of these here.</li>}
      </ul>
      <button type="button" className="tier-end" data-tone={tone} onClick={onEnded} data-testid="tier-end">
        <span className="card-line">
          <span className="t3">End of tier</span>
          <span className="top-space" />
          <span className={`pill ${tone}`}>
            <Icon size={12} stroke={2.4} aria-hidden />
            {words}
          </span>
        </span>
        <span className="card-line card-counts">
          <span>
            <span className="strong">{short(through)}</span> <span className="t3">fell through</span>
          </span>
          <Sparkline on={together(ended.allowedTrend, ended.passedTrend)} denied={ended.deniedTrend} />
        </span>
      </button>
    </section>
  );
}
