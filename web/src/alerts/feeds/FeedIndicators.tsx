import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { FeedIndicatorsDocument } from '../../api/feeds';
import { useAsk } from '../../api/use-ask';
import { visible } from '../../domain/names';

const SHOWN = 100;

/** What a feed lists, as far as it is asked for. */
export function FeedIndicators({ id }: { id: string }) {
  const [open, setOpen] = useState(false);
  const [containing, setContaining] = useState('');
  const [typed] = useDebouncedValue(containing, 250);
  const { data, current, problem } = useAsk(FeedIndicatorsDocument, open ? { id, containing: typed } : null);
  const found = current ? data?.feed?.indicators : undefined;
  return (
    <details
      className="kept-list"
      onToggle={(event) => setOpen(event.currentTarget.open)}
      data-testid="feed-indicators"
    >
      <summary>What it lists</summary>
      <input
        className="text-field mono"
        placeholder="Find an indicator"
        aria-label="Find an indicator"
        spellCheck={false}
        value={containing}
        onChange={(event) => setContaining(event.target.value)}
      />
      {problem && (
        <p className="warn-ink" role="alert">
          {problem.message}
        </p>
      )}
      {!current && !problem && open && <div className="skeleton" style={{ height: 60 }} aria-busy="true" />}
      <ul className="mono">
        {found?.map((indicator) => (
          <li key={indicator}>{visible(indicator)}</li>
        ))}
      </ul>
      {found?.length === 0 && <p className="t3">None.</p>}
      {found?.length === SHOWN && <p className="t3">The first {SHOWN}.</p>}
    </details>
  );
}
