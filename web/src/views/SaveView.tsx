import { Modal } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { visible } from '../domain/names';
import type { Words } from './view';

interface Props {
  /** Why it was not saved; null where it was. */
  onSave: (words: Words, shared: boolean) => Promise<string | null>;
  onClose: () => void;
}

/** What the address says under a name. */
export function SaveView({ onSave, onClose }: Props) {
  const [title, setTitle] = useState('');
  const [description, setDescription] = useState('');
  const [shared, setShared] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!title.trim()) return;
    const why = await onSave({ title: title.trim(), description: description.trim() }, shared);
    setProblem(why);
    if (why === null) onClose();
  };
  return (
    <Modal
      opened
      onClose={onClose}
      withCloseButton={false}
      size={420}
      centered
      attributes={{ content: { 'aria-label': 'Save this view' } }}
      transitionProps={{ duration: 120 }}
    >
      <form className="save-view" onSubmit={submit}>
        <h2>Save this view</h2>
        <p className="t2">Its range, scope, filter and everything else that the address says.</p>
        <label>
          Title
          <input
            className="text-field"
            data-testid="view-title"
            data-autofocus
            maxLength={120}
            value={title}
            onChange={(event) => setTitle(event.target.value)}
          />
        </label>
        <label>
          What it is for
          <input
            className="text-field"
            maxLength={300}
            value={description}
            onChange={(event) => setDescription(event.target.value)}
          />
        </label>
        <label className="save-view-shared">
          <input type="checkbox" checked={shared} onChange={(event) => setShared(event.target.checked)} />
          Everybody sees it, its filter included
        </label>
        {problem && (
          <p className="deny-ink" role="alert">
            {visible(problem)}
          </p>
        )}
        <div className="save-view-buttons">
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="button primary" disabled={!title.trim()} data-testid="view-save">
            Save
          </button>
        </div>
      </form>
    </Modal>
  );
}
