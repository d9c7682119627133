import { Modal } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { Problems } from '../../dashboards/Problems';
import { visible } from '../../domain/names';

interface Props {
  /** Its title, as it was written. */
  title: string;
  /** What goes with it, and what stays. */
  children: ReactNode;
  remove: () => Promise<{ problems: string[] }>;
  onDeleted: () => void;
  onClose: () => void;
  /** What is done, where that is less than deleting it. */
  verb?: string;
  testId?: string;
}

/** Asks before something is gone, and says what that means. */
export function ConfirmDelete({
  title,
  children,
  remove,
  onDeleted,
  onClose,
  verb = 'Delete',
  testId,
}: Props) {
  const [problems, setProblems] = useState<string[]>([]);
  const confirm = async () => {
    const told = await remove();
    setProblems(told.problems);
    if (!told.problems.length) onDeleted();
  };
  const shown = visible(title);
  return (
    <Modal
      opened
      onClose={onClose}
      withCloseButton={false}
      size={440}
      centered
      attributes={{ content: { 'aria-label': `${verb} ${shown}` } }}
      transitionProps={{ duration: 120 }}
    >
      <div className="ask">
        <h2>
          {verb} “{shown}”?
        </h2>
        <p className="t2">{children}</p>
        <Problems problems={problems} />
        <div className="ask-buttons">
          <button type="button" className="button" onClick={onClose}>
            Keep it
          </button>
          <button
            type="button"
            className="button danger"
            onClick={confirm}
            data-testid={testId ?? 'confirm-delete'}
          >
            {verb} “{shown}”
          </button>
        </div>
      </div>
    </Modal>
  );
}
