import { useEffect, useRef } from 'react';
import { KeptField } from '../../alerts/kept/KeptField';
import { ColourField } from './ColourField';
import type { Draft } from './draft';

interface Props {
  draft: Draft;
  /** Whether its name is to be given too. */
  fresh: boolean;
  disabled: boolean;
  /** What the server says is wrong, at its member. */
  at: Partial<Record<keyof Draft, string>>;
  onChange: (draft: Draft) => void;
}

/** What people call a cluster and how it is shown. */
export function ClusterFields({ draft, fresh, disabled, at, onChange }: Props) {
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (fresh) first.current?.focus();
  }, [fresh]);
  const set = (change: Partial<Draft>) => onChange({ ...draft, ...change });
  return (
    <>
      {fresh && (
        <KeptField
          label="Name"
          hint="As its logs are sent under: letters, digits, and . _ -. It cannot be changed later."
          problem={at.name}
        >
          {(told) => (
            <input
              {...told}
              ref={first}
              className="text-field mono"
              spellCheck={false}
              autoComplete="off"
              required
              maxLength={63}
              value={draft.name}
              onChange={(event) => set({ name: event.target.value })}
              data-testid="cluster-name"
            />
          )}
        </KeptField>
      )}
      <KeptField label="Title" problem={at.title}>
        {(told) => (
          <input
            {...told}
            className="text-field"
            autoComplete="off"
            maxLength={120}
            placeholder={draft.name || 'Its name'}
            disabled={disabled}
            value={draft.title}
            onChange={(event) => set({ title: event.target.value })}
            data-testid="cluster-title-field"
          />
        )}
      </KeptField>
      <ColourField colour={draft.colour} disabled={disabled} onChange={(colour) => set({ colour })} />
      <KeptField label="Description" problem={at.description}>
        {(told) => (
          <textarea
            {...told}
            className="text-field cluster-prose"
            rows={3}
            maxLength={2000}
            disabled={disabled}
            value={draft.description}
            onChange={(event) => set({ description: event.target.value })}
            data-testid="cluster-description"
          />
        )}
      </KeptField>
    </>
  );
}
