import type { DeliveryTarget } from '../../api/delivery';
import { visible } from '../../domain/names';
import { exact } from '../../domain/units';
import { KIND_WORDS } from './draft';
import { stateWords, waitingWords } from './words';

interface Props {
  targets: readonly DeliveryTarget[];
  chosen: string | null;
  /** Ids of targets that are being switched. */
  turning: ReadonlySet<string>;
  now: number;
  onChoose: (target: DeliveryTarget) => void;
  onTurn: (target: DeliveryTarget, enabled: boolean) => void;
}

/** A target a row: whether it is on, where it sends, and how that goes. */
export function TargetTable({ targets, chosen, turning, now, onChoose, onTurn }: Props) {
  return (
    <table className="table rules-table" aria-label="Delivery targets">
      <thead>
        <tr>
          <th scope="col">On</th>
          <th scope="col">Target</th>
          <th scope="col">Kind</th>
          <th scope="col" className="wide-only">
            Address
          </th>
          <th scope="col">State</th>
          <th scope="col" className="num">
            Waiting
          </th>
          <th scope="col" className="num">
            Delivered
          </th>
          <th scope="col" className="num">
            Failed
          </th>
        </tr>
      </thead>
      <tbody>
        {targets.map((target) => (
          <tr key={target.id} aria-selected={target.id === chosen} data-testid="target">
            <td>
              <input
                type="checkbox"
                className="rule-switch"
                aria-label={`${visible(target.title)}: on`}
                checked={target.enabled}
                aria-busy={turning.has(target.id)}
                onChange={(event) => onTurn(target, event.target.checked)}
                data-testid="target-switch"
              />
            </td>
            <td>
              <button
                type="button"
                className="rule-title cut"
                aria-expanded={target.id === chosen}
                onClick={() => onChoose(target)}
                data-testid="target-title"
              >
                {visible(target.title)}
              </button>
            </td>
            <td>{KIND_WORDS[target.kind]}</td>
            <td className="wide-only t2 mono">{visible(target.address)}</td>
            <td className={target.problem && target.enabled ? 'warn-ink' : 't2'}>
              {stateWords(target, now)}
            </td>
            <td className="num">{waitingWords(target.waiting)}</td>
            <td className="num">{exact(target.delivered)}</td>
            <td className={target.failed ? 'num deny-ink' : 'num'}>{exact(target.failed)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
