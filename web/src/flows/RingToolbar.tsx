import { IconBan, IconChartDonut3, IconCheck, IconTable } from '@tabler/icons-react';
import type { UrlState } from '../domain/url-state';
import { RATES } from './rates';

interface Props {
  state: UrlState;
  update: (patch: Partial<UrlState>) => void;
  children: React.ReactNode;
}

const STATUS = {
  all: { word: 'All', glyph: null },
  allowed: { word: 'Allowed', glyph: <IconCheck size={13} stroke={2.4} className="allow-ink" aria-hidden /> },
  denied: { word: 'Denied', glyph: <IconBan size={13} stroke={2} className="deny-ink" aria-hidden /> },
} as const;

export function RingToolbar({ state, update, children }: Props) {
  return (
    <div className="ring-tools">
      <span className="t3 tool-label">Status</span>
      <fieldset className="segments" aria-label="Which verdicts">
        {(['all', 'allowed', 'denied'] as const).map((status) => (
          <button
            key={status}
            type="button"
            aria-pressed={state.status === status}
            onClick={() => update({ status })}
            data-testid={`status-${status}`}
          >
            {STATUS[status].glyph}
            {STATUS[status].word}
          </button>
        ))}
      </fieldset>
      <span className="t3 tool-label">Size</span>
      <fieldset className="segments" aria-label="Width by">
        {RATES.map(({ measure, name }) => (
          <button
            key={name}
            type="button"
            aria-pressed={state.size === measure}
            title={`${measure[0]?.toUpperCase()}${measure.slice(1)} per second`}
            onClick={() => update({ size: measure })}
            data-testid={`size-${measure}`}
          >
            {name}
          </button>
        ))}
      </fieldset>
      {children}
      <fieldset className="segments" aria-label="Ring or table">
        <button
          type="button"
          aria-pressed={state.view === 'graph'}
          aria-label="Ring"
          title="Ring (T)"
          onClick={() => update({ view: 'graph' })}
        >
          <IconChartDonut3 size={14} stroke={1.75} aria-hidden />
        </button>
        <button
          type="button"
          aria-pressed={state.view === 'table'}
          aria-label="Table"
          title="Table (T)"
          data-testid="show-table"
          onClick={() => update({ view: 'table' })}
        >
          <IconTable size={14} stroke={1.75} aria-hidden />
        </button>
      </fieldset>
    </div>
  );
}
