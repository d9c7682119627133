import { Modal } from '@mantine/core';
import { IconFileImport } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { Problems } from '../../dashboards/Problems';
import { ChooseFiles } from '../../shell/ChooseFiles';
import { useChanges } from './use-changes';

interface Props {
  onImported: (said: string) => void;
  onClose: () => void;
}

/** GlobalAlerts and rules from files or the clipboard: all of them, or a sentence for each that is wrong. */
export function ImportRules({ onImported, onClose }: Props) {
  const { take } = useChanges();
  const [text, setText] = useState('');
  const [problems, setProblems] = useState<string[]>([]);
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!text.trim()) return setProblems(['There is nothing to import; paste rules or choose files.']);
    setBusy(true);
    const told = await take([text]);
    setBusy(false);
    // There is one text, so that its name says nothing.
    setProblems(told.problems.map((problem) => problem.replace(/^rules\[0\](, |: )/, '')));
    if (told.done) onImported(told.done);
  };
  return (
    <Modal
      opened
      onClose={onClose}
      withCloseButton={false}
      size={720}
      centered
      attributes={{ content: { 'aria-label': 'Import alert rules' } }}
      transitionProps={{ duration: 120 }}
    >
      <form className="ask" onSubmit={submit}>
        <h2>Import alert rules</h2>
        <p className="t2">
          GlobalAlerts and GlobalAlertTemplates of Calico as YAML or JSON, or rules that were taken from here.
          All of them are imported, or none where one is wrong.
        </p>
        <ChooseFiles
          many
          accept=".yaml,.yml,.json,application/json"
          onFiles={async (files) => {
            const texts = await Promise.all(files.map((file) => file.text()));
            if (texts.length) setText(texts.join('\n---\n'));
            setProblems([]);
          }}
          testId="import-file"
        >
          <IconFileImport size={15} stroke={1.75} aria-hidden />
          Choose files
        </ChooseFiles>
        <textarea
          className="text-field mono import-text"
          aria-label="The rules"
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
          <button type="submit" className="button primary" disabled={busy} data-testid="import-submit">
            Import
          </button>
        </div>
      </form>
    </Modal>
  );
}
