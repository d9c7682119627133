import { type FormEvent, useId, useState } from 'react';
import { TERMS } from './model';

interface Props {
  /** What is dismissed, for who does not see it. */
  what: string;
  busy: boolean;
  onDismiss: (note: string, until: string | null) => void;
  onClose: () => void;
}

/** Why an action needs nothing, and for how long. */
export function DismissForm({ what, busy, onDismiss, onClose }: Props) {
  const [note, setNote] = useState('');
  const [term, setTerm] = useState(0);
  const field = useId();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onDismiss(note, TERMS[term]?.[1] ?? null);
  };
  return (
    <form
      className="action-dismiss"
      aria-label={`Dismiss ${what}`}
      onSubmit={submit}
      onKeyDown={(event) => event.key === 'Escape' && onClose()}
    >
      <label htmlFor={field}>Why it needs nothing</label>
      <input
        id={field}
        className="text-field"
        value={note}
        maxLength={2000}
        required
        // biome-ignore lint/a11y/noAutofocus: the button that was pressed opened it
        autoFocus
        onChange={(event) => setNote(event.target.value)}
        data-testid="dismiss-note"
      />
      <label htmlFor={`${field}-term`}>For</label>
      <select
        id={`${field}-term`}
        className="text-field"
        value={term}
        onChange={(event) => setTerm(Number(event.target.value))}
        data-testid="dismiss-term"
      >
        {TERMS.map(([words], at) => (
          <option key={words} value={at}>
            {words}
          </option>
        ))}
      </select>
      <button
        type="submit"
        className="button small primary"
        disabled={busy || !note.trim()}
        data-testid="dismiss-confirm"
      >
        Dismiss
      </button>
    </form>
  );
}
