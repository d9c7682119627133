import { IconSend, IconTrash } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import type { DeliveryTarget } from '../../api/delivery';
import { Problems } from '../../dashboards/Problems';
import { visible } from '../../domain/names';
import { ConfirmDelete } from '../kept/ConfirmDelete';
import { KeptPane } from '../kept/KeptPane';
import { onlySwitched } from '../kept/switched';
import { documentOf, draftOf, EMPTY } from './draft';
import { TargetFields } from './TargetFields';
import { TargetStanding } from './TargetStanding';
import { useChanges } from './use-changes';
import { waitingWords } from './words';

interface Props {
  /** Null for a new one. */
  target: DeliveryTarget | null;
  now: number;
  onSaved: (id: string, said: string) => void;
  onDeleted: (said: string) => void;
  /** How it stands is to be asked for again. */
  onChanged: () => void;
  onClose: () => void;
}

/** One target: how it stands, what it says, and a test of it. */
export function TargetPane({ target, now, onSaved, onDeleted, onChanged, onClose }: Props) {
  const changes = useChanges();
  const [whole, setWhole] = useState(() => (target ? draftOf(target.document) : EMPTY));
  const [draft, setDraft] = useState(whole);
  // The version that the draft was read from: over what somebody else saved meanwhile it is refused.
  const [version, setVersion] = useState(target?.version);
  if (target && target.version !== version) {
    const read = draftOf(target.document);
    if (draft === whole || onlySwitched(read, whole)) {
      setVersion(target.version);
      setWhole(read);
      if (draft === whole) setDraft(read);
    }
  }
  const [problems, setProblems] = useState<string[]>([]);
  const [answer, setAnswer] = useState<{ delivered: boolean; what: string; said: string } | null>(null);
  const [busy, setBusy] = useState(false);
  const [deleting, setDeleting] = useState(false);
  const save = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    // It may have been switched in the list since it was opened.
    const told = await changes.save(
      documentOf({ ...draft, enabled: target?.enabled ?? draft.enabled }),
      target && { ...target, version: version ?? target.version },
    );
    setBusy(false);
    setProblems(told.problems);
    if (told.done) setWhole(draft);
    if (told.done) onSaved(told.done, target ? 'Saved.' : 'Saved; what is raised from now on is sent.');
  };
  const send = async (what: string, sent: ReturnType<typeof changes.test | typeof changes.resend>) => {
    setBusy(true);
    setAnswer(null);
    const told = await sent;
    setBusy(false);
    setProblems(told.problems);
    if (told.done) setAnswer({ delivered: told.done.delivered, what, said: told.done.answer ?? '' });
  };
  return (
    <KeptPane one="target" title={target?.title ?? null} onClose={onClose}>
      {target && (
        <>
          <TargetStanding
            target={target}
            now={now}
            busy={busy}
            onResend={(alert) => void send('alert', changes.resend(target, alert)).then(onChanged)}
          />
          <div className="kept-actions">
            <button
              type="button"
              className="button small"
              disabled={busy || draft !== whole}
              title={draft === whole ? undefined : 'Save it first'}
              onClick={() => void send('test', changes.test(target))}
              data-testid="target-test"
            >
              <IconSend size={14} stroke={1.75} aria-hidden />
              Send a test
            </button>
            <button
              type="button"
              className="button small"
              onClick={() => setDeleting(true)}
              data-testid="target-delete"
            >
              <IconTrash size={14} stroke={1.75} aria-hidden />
              Delete
            </button>
          </div>
          <p
            role="status"
            className={answer?.delivered ? 'allow-ink' : 'warn-ink'}
            data-testid="target-answer"
          >
            {answer &&
              `${answer.delivered ? 'It took' : 'It did not take'} the ${answer.what}: ${visible(answer.said)}`}
          </p>
        </>
      )}
      <form className="kept-form" onSubmit={save}>
        <TargetFields draft={draft} fresh={!target} onChange={setDraft} />
        <Problems problems={problems} />
        <div className="ask-buttons">
          <button
            type="submit"
            className="button primary"
            disabled={busy || (target !== null && draft === whole)}
            data-testid="target-save"
          >
            {target ? 'Save' : 'Add'}
          </button>
        </div>
      </form>
      {deleting && target && (
        <ConfirmDelete
          title={target.title}
          remove={() => changes.remove(target)}
          onDeleted={() => onDeleted('Deleted.')}
          onClose={() => setDeleting(false)}
          testId="target-confirm-delete"
        >
          Its secret is gone with it.{' '}
          {target.waiting > 0 &&
            `It never gets the alerts that wait for it (${waitingWords(target.waiting)}). `}
          The alerts themselves stay.
        </ConfirmDelete>
      )}
    </KeptPane>
  );
}
