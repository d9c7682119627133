import type { Logged } from '../../api/policies';
import { visible } from '../../domain/names';
import { Counts } from './Counts';
import { kindWords, placeOf } from './model';

interface Props {
  found: readonly Logged[];
  onOpen: (logged: Logged) => void;
}

/** Policies that flow logs name and no manifest describes. */
export function Unknown({ found, onOpen }: Props) {
  return (
    <section className="tier tier-unknown" aria-label="Only in logs" data-testid="only-in-logs">
      <header className="tier-head">
        <h2 className="cut">
          Only in logs <span className="count">{found.length}</span>
        </h2>
        <span className="tier-note t3">No manifest that you may see describes them</span>
      </header>
      <ul className="tier-cards">
        {found.map((each) => (
          <li key={`${each.cluster} ${each.tier} ${each.kind} ${each.namespace ?? ''} ${each.name}`}>
            <button type="button" className="policy-card" onClick={() => onOpen(each)}>
              <span className="card-line">
                <span className="card-name cut">{visible(each.name) || 'unnamed'}</span>
              </span>
              <span className="card-line card-place">
                <span className="cut">
                  {placeOf(each)} · {visible(each.tier) || 'no tier'}
                  {each.kind && ` · ${kindWords(each.kind)}`}
                </span>
              </span>
              <span className="card-line card-counts">
                <Counts counts={each.counts} />
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
