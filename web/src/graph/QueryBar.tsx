import { memo } from 'react';
import type { ApiProblem } from '../api/errors';
import type { UrlState } from '../domain/url-state';
import { KqlBar } from '../kql/KqlBar';

interface Props {
  state: UrlState;
  clusters: string[] | null;
  problem: ApiProblem | null;
  update: (patch: Partial<UrlState>) => void;
  /** How much is shown, in words. */
  count: string;
}

export const QueryBar = memo(function QueryBar({ state, clusters, problem, update, count }: Props) {
  return (
    <div className="query-bar">
      <KqlBar
        query={state.query}
        range={state}
        clusters={clusters}
        problem={problem}
        onRun={(query) => update({ query })}
      />
      <fieldset className="segments" aria-label="What the filter does">
        <button
          type="button"
          aria-pressed={!state.highlight}
          onClick={() => update({ highlight: false })}
          data-testid="mode-filter"
        >
          Filter
        </button>
        <button
          type="button"
          aria-pressed={state.highlight}
          onClick={() => update({ highlight: true })}
          data-testid="mode-highlight"
        >
          Highlight
        </button>
      </fieldset>
      <span className="t2 result-count num wide-only" data-testid="result-count">
        {count}
      </span>
    </div>
  );
});
