import { Popover } from '@mantine/core';
import { IconDeviceFloppy } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';

interface Props {
  /** Why it was not saved; null where it was. */
  onSave: (words: { title: string; question: string }, shared: boolean) => Promise<string | null>;
}

/** The filter, columns and order of the page under a name. */
export function SaveSearch({ onSave }: Props) {
  const [opened, setOpened] = useState(false);
  const [title, setTitle] = useState('');
  const [question, setQuestion] = useState('');
  const [shared, setShared] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!title.trim()) return;
    const why = await onSave({ title: title.trim(), question: question.trim() || title.trim() }, shared);
    setProblem(why);
    if (why === null) {
      setOpened(false);
      setTitle('');
      setQuestion('');
    }
  };
  return (
    <Popover
      opened={opened}
      onChange={setOpened}
      position="bottom-end"
      width={320}
      trapFocus
      transitionProps={{ duration: 120 }}
    >
      <Popover.Target>
        <button
          type="button"
          className="button"
          data-testid="save-search"
          onClick={() => setOpened((was) => !was)}
        >
          <IconDeviceFloppy size={15} stroke={1.75} aria-hidden />
          <span className="wide-only">Save search</span>
          <span className="visually-hidden"> as a preset</span>
        </button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Save the search">
        <form className="exact-range save-form" onSubmit={submit}>
          <label>
            Title
            <input
              className="text-field"
              data-testid="save-title"
              maxLength={120}
              value={title}
              onChange={(event) => setTitle(event.target.value)}
            />
          </label>
          <label>
            The question that it answers
            <input
              className="text-field"
              maxLength={300}
              value={question}
              onChange={(event) => setQuestion(event.target.value)}
            />
          </label>
          <label className="save-shared">
            <input type="checkbox" checked={shared} onChange={(event) => setShared(event.target.checked)} />
            Everybody sees it, its filter included
          </label>
          {problem && (
            <p className="deny-ink" role="alert">
              {problem}
            </p>
          )}
          <button type="submit" className="button primary" disabled={!title.trim()} data-testid="save-submit">
            Save as a new preset
          </button>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
