import { IconArrowNarrowRight, IconChevronDown, IconChevronUp, IconListSearch } from '@tabler/icons-react';
import { useState } from 'react';
import type { FlipNode } from '../../../api/simulation';
import { exact, plural } from '../../../domain/units';
import { connectionsOf, EFFECT_WORDS } from './effects';
import { End, portOf } from './FlipRow';
import { firstDifference, SIDES, type Side, sideOf } from './reasons';
import { TraceWay } from './TraceWay';

interface Props {
  flip: FlipNode;
  /** Tiers in the order of evaluation. */
  tiers: readonly string[];
  onStep: (step: 1 | -1) => void;
  onLogs: () => void;
}

const SIDE_WORDS: Record<Side, string> = { egress: 'Egress', ingress: 'Ingress' };

/** How the chosen flip is decided, as the cluster is and after the change, at either end. */
export function Trace({ flip, tiers, onStep, onLogs }: Props) {
  const [picked, setPicked] = useState<{ id: string; side: Side } | null>(null);
  const side = picked?.id === flip.id ? picked.side : sideOf(flip);
  const [before, after] = [flip.before[side] ?? null, flip.after[side] ?? null];
  const differs = firstDifference(before?.steps ?? [], after?.steps ?? []);
  const count = connectionsOf(flip);
  return (
    <section className="flip-trace" aria-label="How it is decided before and after" data-testid="flip-trace">
      <header>
        <h2>Trace</h2>
        <span className="mono cut">
          <End node={flip.source} /> → <End node={flip.target} />
          {portOf(flip)}
        </span>
        <span className="t3 cut">
          {EFFECT_WORDS[flip.effect].toLowerCase()}
          {count !== null && `, ${plural(count, 'connection')}`}, {exact(flip.verdictKeys)} distinct
        </span>
        <span className="top-space" />
        <button type="button" className="button small quiet" onClick={onLogs} data-testid="flip-logs">
          <IconListSearch size={14} stroke={1.75} aria-hidden />
          Its flow logs
        </button>
        <fieldset className="segments" aria-label="End whose policies are shown">
          {SIDES.map((each) => (
            <button
              key={each}
              type="button"
              aria-pressed={each === side}
              onClick={() => setPicked({ id: flip.id, side: each })}
              data-testid={`trace-${each}`}
            >
              {SIDE_WORDS[each]}
            </button>
          ))}
        </fieldset>
        <button
          type="button"
          className="icon-button small"
          aria-label="Previous flip"
          onClick={() => onStep(-1)}
        >
          <IconChevronUp size={15} stroke={1.75} aria-hidden />
        </button>
        <button type="button" className="icon-button small" aria-label="Next flip" onClick={() => onStep(1)}>
          <IconChevronDown size={15} stroke={1.75} aria-hidden />
        </button>
      </header>
      <div className="ways">
        <TraceWay
          title="Before"
          note="as the cluster is"
          end={before}
          other={after}
          tiers={tiers}
          differs={differs}
        />
        <TraceWay
          title="After"
          note="this draft"
          end={after}
          other={before}
          tiers={tiers}
          differs={differs}
        />
      </div>
    </section>
  );
}

export const Arrow = () => <IconArrowNarrowRight size={15} stroke={1.75} className="t3" aria-hidden />;
