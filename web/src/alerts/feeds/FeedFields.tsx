import { useEffect, useRef } from 'react';
import { KeptField } from '../kept/KeptField';
import { type Draft, FORMS, type Form } from './draft';

type Named = Exclude<keyof Draft, 'enabled' | 'private' | 'form'>;

interface Props {
  draft: Draft;
  /** Whether it is a new one, which begins with its title. */
  fresh: boolean;
  /** What the server says is wrong, at its member. */
  at: Partial<Record<keyof Draft, string>>;
  onChange: (draft: Draft) => void;
}

/** What a feed says, each part in a field of its own. */
export function FeedFields({ draft, fresh, at, onChange }: Props) {
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (fresh) first.current?.focus();
  }, [fresh]);
  const set = (change: Partial<Draft>) => onChange({ ...draft, ...change });
  const field = (name: Named, label: string, more: React.ComponentProps<'input'> = {}, hint?: string) => (
    <KeptField label={label} hint={hint} problem={at[name]}>
      {(told) => (
        <input
          spellCheck={false}
          autoComplete="off"
          {...told}
          {...more}
          className={`text-field ${more.className ?? ''}`}
          value={draft[name]}
          onChange={(event) => set({ [name]: event.target.value })}
          data-testid={`feed-${name}`}
        />
      )}
    </KeptField>
  );
  return (
    <>
      {field('title', 'Title', { ref: first, maxLength: 120, required: true })}
      {field(
        'url',
        'Address, if it is fetched',
        { className: 'mono', placeholder: 'https://feeds.example/list.txt' },
        'Without one, its content is uploaded. A key in it is seen by whoever sees feeds.',
      )}
      {draft.url.trim() &&
        field('refreshMinutes', 'Fetched every so many minutes', {
          type: 'number',
          min: 5,
          max: 43_200,
          required: true,
        })}
      <KeptField label="Form" problem={at.form}>
        {(told) => (
          <select
            {...told}
            className="text-field"
            value={draft.form}
            onChange={(event) => set({ form: event.target.value as Form })}
            data-testid="feed-form"
          >
            {Object.entries(FORMS).map(([form, words]) => (
              <option key={form} value={form}>
                {words}
              </option>
            ))}
          </select>
        )}
      </KeptField>
      {draft.form === 'csv' && field('column', 'Column of the indicators', {}, 'As its header names it.')}
      {field('category', 'Category', { required: true }, 'Such as malware, tor or vpn.')}
      {field('severity', 'Severity of its alerts', { type: 'number', min: 1, max: 100, required: true })}
      {field('description', 'What it lists, if that is to be said')}
      {field('terms', 'Terms of use, if any', {}, 'A licence, or a marking such as TLP:GREEN.')}
      <label className="kept-check">
        <input
          type="checkbox"
          checked={draft.private}
          onChange={(event) => set({ private: event.target.checked })}
          data-testid="feed-private"
        />
        It may list private addresses
      </label>
    </>
  );
}
