import { IconArrowsExchange } from '@tabler/icons-react';
import type { Simulation } from '../../../api/simulation';
import { exact, plural } from '../../../domain/units';
import { EFFECT_WORDS, sharesOf } from './effects';
import { EffectIcon } from './FlipGlyphs';

const INKS = { NEWLY_DENIED: 'deny-ink', NEWLY_ALLOWED: 'allow-ink', UNCERTAIN: 'warn-ink', UNCHANGED: '' };

/** What the whole range comes to. Old numbers stay, dimmed, until new ones are there. */
export function Numbers({ result, current }: { result: Simulation; current: boolean }) {
  const { all, shares } = sharesOf(result.totals);
  return (
    <dl className="flip-numbers" data-current={current} aria-busy={!current} data-testid="flip-numbers">
      <div>
        <dt>
          <IconArrowsExchange size={14} stroke={1.75} className="t3" aria-hidden />
          Connections
        </dt>
        <dd>
          <span className="big num">{exact(all)}</span>
          <span className="t3">{`${exact(result.verdictKeys)} distinct`}</span>
        </dd>
      </div>
      {shares.map(({ effect, connections, records, paths, percent }) => (
        <div key={effect} data-testid={`total-${effect}`}>
          <dt>
            <EffectIcon effect={effect} />
            {EFFECT_WORDS[effect]}
          </dt>
          <dd>
            <span className={`big num ${connections || records ? INKS[effect] : 't2'}`}>
              {exact(connections)}
            </span>
            <span className="t3">
              {connections === 0 && records > 0 ? plural(records, 'record') : percent}
              {effect !== 'UNCHANGED' && paths > 0 && ` · ${plural(paths, 'path')}`}
            </span>
          </dd>
        </div>
      ))}
    </dl>
  );
}
