import { useNavigate } from '@tanstack/react-router';
import { ConfirmDelete } from '../alerts/kept/ConfirmDelete';
import type { SavedDashboard } from '../api/dashboards';
import { useUrlState } from '../shell/use-url-state';
import { along } from './address';
import { leaveFreely } from './Leaving';
import { useSaved } from './use-saved';

/** Asks before a dashboard is gone: there is no way back but an export. */
export function DeleteDialog({ saved, onClose }: { saved: SavedDashboard; onClose: () => void }) {
  const [state] = useUrlState();
  const navigate = useNavigate();
  const { remove } = useSaved();
  const leave = () => {
    leaveFreely();
    navigate({ to: '/dashboards', search: along(state) });
  };
  return (
    <ConfirmDelete
      title={saved.title}
      remove={() => remove(saved.id, saved.version)}
      onDeleted={leave}
      onClose={onClose}
    >
      It is gone for {saved.shared ? 'everybody who sees it' : 'good'}. Export it first to be able to bring it
      back. The logs it shows stay.
    </ConfirmDelete>
  );
}
