import { IconRefresh } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import type { AskedRange } from '../../domain/time';
import { isoSeconds, resolveRange } from '../../domain/time';
import { STYLES, type UrlState } from '../../domain/url-state';
import { NamespaceScope } from '../../shell/NamespaceScope';
import { STYLE_WORDS } from './model';
import { isMoment, SHARES } from './question';

interface Props {
  state: UrlState;
  /** What is asked about; null while `learn` makes no sense. */
  range: AskedRange | null;
  fetching: boolean;
  update: (patch: Partial<UrlState>) => void;
  onAgain: () => void;
}

/** For whom, in which form, and how much of the range is learnt from. */
export function TargetBar({ state, range, fetching, update, onAgain }: Props) {
  const moment = isMoment(state.learn);
  const halfway = () => {
    const { from, to } = resolveRange(range ?? state, Date.now());
    return isoSeconds((from + to) / 2);
  };
  return (
    <div className="recommend-bar">
      <span className="t3 small-text wide-only">For</span>
      <NamespaceScope testId="target-namespaces" />
      <Typed
        label="Selector of workloads"
        placeholder="selector: app == 'web'"
        value={state.selector}
        onValue={(selector) => update({ selector, recommended: null })}
        testId="target-selector"
      />
      <fieldset className="segments" aria-label="The kind of policies">
        {STYLES.map((style) => (
          <button
            key={style}
            type="button"
            aria-pressed={state.style === style}
            onClick={() => update({ style, recommended: null })}
            data-testid={`style-${style}`}
          >
            {STYLE_WORDS[style]}
          </button>
        ))}
      </fieldset>
      <label className="recommend-learn">
        <span className="t3 small-text">Learn from</span>
        <select
          className="text-field"
          value={moment ? 'moment' : state.learn}
          onChange={({ target }) => update({ learn: target.value === 'moment' ? halfway() : target.value })}
          data-testid="learn"
        >
          {[...new Set<string>([...SHARES, ...(moment || state.learn === 'all' ? [] : [state.learn])])].map(
            (each) => (
              <option key={each} value={each}>
                the first {each.replace('%', ' %')}
              </option>
            ),
          )}
          <option value="all">all of it, test nothing</option>
          <option value="moment">until a time</option>
        </select>
      </label>
      {moment && (
        <Typed
          label="Learn until"
          placeholder="2026-11-28T12:00:00Z or now-2h"
          value={state.learn}
          wrong={range === null}
          onValue={(learn) => update({ learn })}
          testId="learn-until"
        />
      )}
      {range === null && (
        <span className="deny-ink small-text" role="alert" data-testid="learn-wrong">
          That is no time within the range.
        </span>
      )}
      <span className="top-space" />
      <button
        type="button"
        className="button"
        onClick={onAgain}
        disabled={fetching || range === null}
        data-testid="again"
      >
        <IconRefresh size={15} stroke={1.75} aria-hidden />
        {fetching ? 'Learning' : 'Learn again'}
      </button>
    </div>
  );
}

interface TypedProps {
  label: string;
  placeholder: string;
  value: string;
  wrong?: boolean;
  onValue: (value: string) => void;
  testId: string;
}

/** Takes effect on Enter, or when it is left: each answer is learnt anew. */
function Typed({ label, placeholder, value, wrong = false, onValue, testId }: TypedProps) {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  const done = () => {
    if (text.trim() !== value) onValue(text.trim());
  };
  return (
    <input
      className="text-field mono"
      aria-label={label}
      aria-invalid={wrong}
      placeholder={placeholder}
      spellCheck={false}
      value={text}
      onChange={(event) => setText(event.target.value)}
      onBlur={done}
      onKeyDown={(event) => {
        if (event.key === 'Enter') done();
      }}
      data-testid={testId}
    />
  );
}
