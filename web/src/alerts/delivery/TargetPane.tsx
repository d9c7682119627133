import { IconSend, IconTrash, IconX } from '@tabler/icons-react';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import type { DeliveryTarget } from '../../api/delivery';
import { Problems } from '../../dashboards/Problems';
import { visible } from '../../domain/names';
import { DeleteTarget } from './DeleteTarget';
import { documentOf, draftOf, EMPTY } from './draft';
import { TargetFields } from './TargetFields';
import { TargetStanding } from './TargetStanding';
import { useChanges } from './use-changes';

interface Props {
  /** Null for a new one. */
  target: DeliveryTarget | null;
  now: number;
  onSaved: (id: string, said: string) => void;
  onDeleted: (said: string) => void;
  onClose: () => void;
}

/** One target: how it stands, what it says, and a test of it. */
export function TargetPane({ target, now, onSaved, onDeleted, onClose }: Props) {
  const changes = useChanges();
  const [whole, setWhole] = useState(() => (target ? draftOf(target.document) : EMPTY));
  const [draft, setDraft] = useState(whole);
  const [version, setVersion] = useState(target?.version);
  const pane = useRef<HTMLElement>(null);
  if (target && target.version !== version) {
    const read = draftOf(target.document);
    setVersion(target.version);
    setWhole(read);
    if (draft === whole) setDraft(read);
  }
  useEffect(() => {
    // Where what had the focus is gone, such as the button that added this one, it goes on here.
    if (document.activeElement === document.body) pane.current?.focus();
  }, []);
  const [problems, setProblems] = useState<string[]>([]);
  const [answer, setAnswer] = useState<{ delivered: boolean; said: string } | null>(null);
  const [busy, setBusy] = useState(false);
  const [deleting, setDeleting] = useState(false);
  const save = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    // It may have been switched in the list since it was opened.
    const told = await changes.save(
      documentOf({ ...draft, enabled: target?.enabled ?? draft.enabled }),
      target,
    );
    setBusy(false);
    setProblems(told.problems);
    if (told.done) setWhole(draft);
    if (told.done) onSaved(told.done, target ? 'Saved.' : 'Saved; what is raised from now on is sent.');
  };
  const test = async () => {
    if (!target) return;
    setBusy(true);
    setAnswer(null);
    const told = await changes.test(target);
    setBusy(false);
    setProblems(told.problems);
    if (told.done) setAnswer({ delivered: told.done.delivered, said: told.done.answer ?? '' });
  };
  const title = target ? visible(target.title) : 'New target';
  return (
    <section
      ref={pane}
      tabIndex={-1}
      className="rule-pane"
      aria-label={`Target: ${title}`}
      data-testid="target-pane"
    >
      <header>
        <h2 className="cut">{title}</h2>
        <button type="button" className="icon-button small" aria-label="Close the target" onClick={onClose}>
          <IconX size={15} stroke={1.75} aria-hidden />
        </button>
      </header>
      <div className="rule-body">
        {target && (
          <>
            <TargetStanding target={target} now={now} />
            <div className="rule-actions">
              <button
                type="button"
                className="button small"
                disabled={busy || draft !== whole}
                title={draft === whole ? undefined : 'Save it first'}
                onClick={test}
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
                `${answer.delivered ? 'It took the test' : 'It did not take the test'}: ${visible(answer.said)}`}
            </p>
          </>
        )}
        <form className="target-form" onSubmit={save}>
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
      </div>
      {deleting && target && (
        <DeleteTarget target={target} onDeleted={onDeleted} onClose={() => setDeleting(false)} />
      )}
    </section>
  );
}
