import { Modal } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { SavedDashboard } from '../api/dashboards';
import { visible } from '../domain/names';
import { useUrlState } from '../shell/use-url-state';
import { along } from './address';
import { leaveFreely } from './Leaving';
import { Problems } from './Problems';
import { useSaved } from './use-saved';

/** Asks before a dashboard is gone: there is no way back but an export. */
export function DeleteDialog({ saved, onClose }: { saved: SavedDashboard; onClose: () => void }) {
  const [state] = useUrlState();
  const navigate = useNavigate();
  const { remove } = useSaved();
  const [problems, setProblems] = useState<string[]>([]);
  const confirm = async () => {
    const told = await remove(saved.id, saved.version);
    setProblems(told.problems);
    if (told.problems.length) return;
    leaveFreely();
    navigate({ to: '/dashboards', search: along(state) });
  };
  const title = visible(saved.title);
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
          It is gone for {saved.shared ? 'everybody who sees it' : 'good'}. Export it first to be able to
          bring it back. The logs it shows stay.
        </p>
        <Problems problems={problems} />
        <div className="ask-buttons">
          <button type="button" className="button" onClick={onClose}>
            Keep it
          </button>
          <button type="button" className="button danger" onClick={confirm} data-testid="confirm-delete">
            Delete “{title}”
          </button>
        </div>
      </div>
    </Modal>
  );
}
