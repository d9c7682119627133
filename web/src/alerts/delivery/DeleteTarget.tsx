import { Modal } from '@mantine/core';
import { useState } from 'react';
import type { DeliveryTarget } from '../../api/delivery';
import { Problems } from '../../dashboards/Problems';
import { visible } from '../../domain/names';
import { useChanges } from './use-changes';
import { waitingWords } from './words';

interface Props {
  target: DeliveryTarget;
  onDeleted: (said: string) => void;
  onClose: () => void;
}

/** Asks before a target is gone: with it goes its secret, and its place among the alerts. */
export function DeleteTarget({ target, onDeleted, onClose }: Props) {
  const { remove } = useChanges();
  const [problems, setProblems] = useState<string[]>([]);
  const confirm = async () => {
    const told = await remove(target);
    setProblems(told.problems);
    if (told.done) onDeleted(told.done);
  };
  const title = visible(target.title);
  return (
    <Modal
      opened
      onClose={onClose}
      withCloseButton={false}
      size={440}
      centered
      attributes={{ content: { 'aria-label': `Delete ${title}` } }}
      transitionProps={{ duration: 120 }}
    >
      <div className="ask">
        <h2>Delete “{title}”?</h2>
        <p className="t2">
          Its secret is gone with it.{' '}
          {target.waiting > 0 &&
            `It never gets the alerts that wait for it (${waitingWords(target.waiting)}). `}
          The alerts themselves stay.
        </p>
        <Problems problems={problems} />
        <div className="ask-buttons">
          <button type="button" className="button" onClick={onClose}>
            Keep it
          </button>
          <button
            type="button"
            className="button danger"
            onClick={confirm}
            data-testid="target-confirm-delete"
          >
            Delete “{title}”
          </button>
        </div>
      </div>
    </Modal>
  );
}
