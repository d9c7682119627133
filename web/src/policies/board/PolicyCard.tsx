import { IconAffiliate, IconClockPause, IconFlask, IconHexagons, IconWorld } from '@tabler/icons-react';
import type { Card } from '../../api/policies';
import { visible } from '../../domain/names';
import { ago, exact, plural } from '../../domain/units';
import { Counts } from './Counts';
import { idleRules, kindWords, placeOf } from './model';
import { Sparkline, together } from './Sparkline';

interface Props {
  card: Card;
  now: number;
  selected: boolean;
  focusable: boolean;
  onPick: () => void;
}

export function PolicyCard({ card, now, selected, focusable, onPick }: Props) {
  const idle = idleRules(card);
  const Place = card.namespace ? IconHexagons : IconWorld;
  return (
    <li>
      <button
        type="button"
        className="policy-card"
        data-testid="policy-card"
        data-policy={card.id}
        data-staged={card.staged !== null || undefined}
        data-unused={card.unused || undefined}
        aria-pressed={selected}
        tabIndex={focusable ? 0 : -1}
        onClick={onPick}
      >
        <span className="card-line">
          <span className="card-order mono" title="Order in the tier">
            {card.order === null ? 'last' : exact(card.order)}
          </span>
          <span className="card-name cut" title={`${kindWords(card.kind)} ${visible(card.name)}`}>
            {visible(card.name)}
          </span>
          {card.staged && (
            <span className="pill staged">
              <IconFlask size={12} stroke={2.2} aria-hidden />
              Staged
            </span>
          )}
        </span>
        <span className="card-line card-place">
          <Place size={12} stroke={1.75} aria-hidden />
          <span className="cut">{placeOf(card)}</span>
          {card.selects !== null && (
            <span className={card.selects + (card.maySelect ?? 0) ? 'card-ends' : 'card-ends warn-ink'}>
              <IconAffiliate size={12} stroke={1.75} aria-hidden />
              {plural(card.selects, 'endpoint')}
              {card.maySelect ? `, maybe ${card.maySelect} more` : ''}
            </span>
          )}
        </span>
        <span className="card-line card-counts">
          <Counts counts={card.counts} />
          <Sparkline
            on={together(card.counts.allowedTrend, card.counts.passedTrend)}
            denied={card.counts.deniedTrend}
          />
        </span>
        <span className="card-line card-foot">
          {card.unused ? (
            <span className="warn-ink card-unused">
              <IconClockPause size={12} stroke={2} aria-hidden />
              {card.selects === 0 && !card.maySelect ? 'Unused: selects nobody' : 'Unused in this range'}
            </span>
          ) : (
            <span>Last evaluated {ago(Date.parse(card.lastEvaluated ?? ''), now)}</span>
          )}
          <span className={idle ? 'warn-ink' : undefined}>
            {idle ? `${idle} of ${card.rules.length} rules idle` : plural(card.rules.length, 'rule')}
          </span>
        </span>
      </button>
    </li>
  );
}
