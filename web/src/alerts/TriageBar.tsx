import { IconCheck, IconEyeOff, IconRotate2 } from '@tabler/icons-react';
import { type FormEvent, useId, useState } from 'react';
import { Problems } from '../dashboards/Problems';
import type { Alert } from '../domain/alert';
import { ago } from '../domain/units';
import { type Status, useTriage } from './use-triage';

const WORDS: Record<Status, string> = { OPEN: 'Open', ACKNOWLEDGED: 'Acknowledged', DISMISSED: 'Dismissed' };
export const statusWord = (status: Status): string => WORDS[status];

/** What became of an alert, and the way to change it. Dismissing asks why. */
export function TriageBar({ alert, now }: { alert: Alert; now: number }) {
  const triage = useTriage();
  const [wanted, setWanted] = useState<Status | null>(null);
  const [note, setNote] = useState('');
  const [problems, setProblems] = useState<string[]>([]);
  const [busy, setBusy] = useState(false);
  const field = useId();
  const change = async (status: Status, said: string) => {
    setBusy(true);
    const told = await triage(alert, status, said);
    setBusy(false);
    setProblems(told);
    if (told.length) return;
    setWanted(null);
    setNote('');
  };
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (wanted) change(wanted, note);
  };
  return (
    <section className="triage" aria-label="What became of it">
      <div className="triage-line">
        <span className="t2" role="status" data-testid="triage-said">
          <b>{statusWord(alert.status)}</b>
          {alert.triagedAt !== null &&
            ` ${alert.triagedBy ? `by ${alert.triagedBy} ` : ''}${ago(alert.triagedAt, now)}`}
          {alert.note && <q className="triage-note">{alert.note}</q>}
        </span>
        <span className="top-space" />
        {alert.status === 'OPEN' && (
          <button
            type="button"
            className="button"
            disabled={busy}
            onClick={() => change('ACKNOWLEDGED', '')}
            data-testid="acknowledge"
          >
            <IconCheck size={15} stroke={2} aria-hidden />
            Acknowledge
          </button>
        )}
        {alert.status === 'DISMISSED' ? null : (
          <button
            type="button"
            className="button"
            aria-expanded={wanted === 'DISMISSED'}
            onClick={() => setWanted(wanted ? null : 'DISMISSED')}
            data-testid="dismiss"
          >
            <IconEyeOff size={15} stroke={1.75} aria-hidden />
            Dismiss
          </button>
        )}
        {alert.status !== 'OPEN' && (
          <button
            type="button"
            className="button"
            disabled={busy}
            onClick={() => change('OPEN', '')}
            data-testid="reopen"
          >
            <IconRotate2 size={15} stroke={1.75} aria-hidden />
            Open again
          </button>
        )}
      </div>
      {wanted && (
        <form className="triage-form" onSubmit={onSubmit}>
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
            onKeyDown={(event) => event.key === 'Escape' && setWanted(null)}
            data-testid="triage-note"
          />
          <button
            type="submit"
            className="button primary"
            disabled={busy || !note.trim()}
            data-testid="confirm-dismiss"
          >
            Dismiss
          </button>
        </form>
      )}
      <Problems problems={problems} />
    </section>
  );
}
