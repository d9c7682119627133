import type { Tier } from '../../api/policies';
import { visible } from '../../domain/names';
import { ago, exact } from '../../domain/units';
import { idleRules, kindWords } from './model';

interface Props {
  tiers: readonly Tier[];
  now: number;
  selected: string | null;
  onPick: (id: string) => void;
}

/** The board as rows, in the same order. */
export function PolicyTable({ tiers, now, selected, onPick }: Props) {
  const rows = tiers.flatMap((tier) => tier.policies.map((card) => ({ tier, card })));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
    <section className="table-scroll" aria-label="Policies as a table" tabIndex={0}>
      <table className="table" data-testid="policy-table">
        <thead>
          <tr>
            <th>Tier</th>
            <th className="right">Order</th>
            <th>Policy</th>
            <th>Kind</th>
            <th className="right">Endpoints</th>
            <th className="right">Allowed</th>
            <th className="right">Denied</th>
            <th className="right">Passed</th>
            <th>Last evaluated</th>
            <th>Marks</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ tier, card }) => (
            <tr key={card.id} aria-selected={card.id === selected} data-testid="policy-row">
              <td>{visible(tier.name)}</td>
              <td className="right mono">{card.order === null ? 'last' : exact(card.order)}</td>
              <td>
                <button
                  type="button"
                  className="link-button"
                  data-policy={card.id}
                  onClick={() => onPick(card.id)}
                >
                  {card.namespace && <span className="t3">{visible(card.namespace)}/</span>}
                  {visible(card.name)}
                </button>
              </td>
              <td className="t2">{kindWords(card.kind)}</td>
              <td className="right mono">{card.selects ?? 'not known'}</td>
              <td className="right mono">{exact(card.counts.allowed)}</td>
              <td className={`right mono${card.counts.denied === '0' ? '' : ' deny-ink'}`}>
                {exact(card.counts.denied)}
              </td>
              <td className="right mono">{exact(card.counts.passed)}</td>
              <td>{card.lastEvaluated ? ago(Date.parse(card.lastEvaluated), now) : 'not in this range'}</td>
              <td>{marksOf(card.staged !== null, card.unused, idleRules(card))}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function marksOf(staged: boolean, unused: boolean, idle: number): string {
  return [staged && 'Staged', unused && 'Unused', idle && `${idle} idle`].filter(Boolean).join(', ');
}
