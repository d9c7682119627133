import { Modal } from '@mantine/core';
import { IconFileImport } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { ChooseFiles } from '../shell/ChooseFiles';
import { useUrlState } from '../shell/use-url-state';
import { along } from './address';
import { imported } from './exchange';
import { Problems } from './Problems';
import { useSaved } from './use-saved';

/** A document from a file or the clipboard becomes a dashboard of one's own; what is wrong with it is said. */
export function ImportDialog({ onClose }: { onClose: () => void }) {
  const [state] = useUrlState();
  const navigate = useNavigate();
  const { save } = useSaved();
  const [text, setText] = useState('');
  const [problems, setProblems] = useState<string[]>([]);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const { document, problem } = imported(text);
    if (problem) return setProblems([problem]);
    const told = await save(document, null);
    setProblems(told.problems);
    if (told.dashboard)
      navigate({
        to: '/dashboards/$id',
        params: { id: told.dashboard.id },
        search: along(state),
      });
  };
  return (
    <Modal
      opened
      onClose={onClose}
      withCloseButton={false}
      size={640}
      centered
      attributes={{ content: { 'aria-label': 'Import a dashboard' } }}
      transitionProps={{ duration: 120 }}
    >
      <form className="ask" onSubmit={submit}>
        <h2>Import a dashboard</h2>
        <p className="t2">Choose a file that was exported here, or paste its text.</p>
        <ChooseFiles
          accept="application/json,.json"
          onFiles={async ([file]) => {
            if (file) setText(await file.text());
            setProblems([]);
          }}
          testId="import-file"
        >
          <IconFileImport size={15} stroke={1.75} aria-hidden />
          Choose a file
        </ChooseFiles>
        <textarea
          className="text-field mono import-text"
          aria-label="The document"
          rows={14}
          spellCheck={false}
          value={text}
          onChange={(event) => setText(event.target.value)}
          data-testid="import-text"
        />
        <Problems problems={problems} />
        <div className="ask-buttons">
          <button type="button" className="button" onClick={onClose}>
            Close
          </button>
          <button type="submit" className="button primary" data-testid="import-submit">
            Import as a new dashboard
          </button>
        </div>
      </form>
    </Modal>
  );
}
