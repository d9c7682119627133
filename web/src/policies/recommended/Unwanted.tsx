import { IconX } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { visible } from '../../domain/names';
import type { AskedRange } from '../../domain/time';
import { KqlBar } from '../../kql/KqlBar';
import { isTyping } from '../../shell/keys';
import { MOST_UNWANTED } from './question';

interface Props {
  unwanted: readonly string[];
  /** What alerts show is learnt from too. */
  alerted: boolean;
  range: AskedRange;
  cluster: string;
  /** What the API objects to of them. */
  problem: string | null;
  onUnwanted: (unwanted: string[]) => void;
  onAlerted: (alerted: boolean) => void;
}

/** Filters of flows that policies are not to be learnt from. */
export function Unwanted({ unwanted, alerted, range, cluster, problem, onUnwanted, onAlerted }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const added = useRef(false);
  // The field is made anew, empty, and goes on being the one that is typed in.
  // biome-ignore lint/correctness/useExhaustiveDependencies: after each filter that was added
  useEffect(() => {
    if (added.current) host.current?.querySelector<HTMLElement>('.kql-input')?.focus();
    added.current = false;
  }, [unwanted.length]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== '/' || isTyping(event)) return;
      event.preventDefault();
      host.current?.querySelector<HTMLElement>('.kql-input')?.focus();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
  const full = unwanted.length >= MOST_UNWANTED;
  return (
    <div className="recommend-unwanted" ref={host}>
      <span className="t3 small-text">Leave out</span>
      <label
        className="recommend-alerted small-text"
        title="But for first denials, and alerts that somebody dismissed"
      >
        <input
          type="checkbox"
          checked={!alerted}
          onChange={({ target }) => onAlerted(!target.checked)}
          data-testid="alerts-left-out"
        />
        what alerts show
      </label>
      {unwanted.map((each) => (
        <span key={each} className="chip mono unwanted-chip" data-testid="unwanted">
          <span className="cut" title={visible(each)}>
            {visible(each)}
          </span>
          <button
            type="button"
            aria-label={`Learn from ${visible(each)} again`}
            onClick={() => onUnwanted(unwanted.filter((other) => other !== each))}
          >
            <IconX size={12} stroke={2.2} aria-hidden />
          </button>
        </span>
      ))}
      {full ? (
        <span className="t3 small-text">{MOST_UNWANTED} filters are the most; join some with “or”.</span>
      ) : (
        <KqlBar
          key={unwanted.length}
          query=""
          range={range}
          clusters={[cluster]}
          problem={null}
          label="Flows that are unwanted, in KQL"
          placeholder="Flows that are unwanted, for example dest_port : 22"
          onRun={(text) => {
            if (!text || unwanted.includes(text)) return;
            added.current = true;
            onUnwanted([...unwanted, text]);
          }}
        />
      )}
      {problem && (
        <span className="deny-ink small-text" role="alert" data-testid="unwanted-problem">
          {visible(problem)}
        </span>
      )}
    </div>
  );
}
