import './dashboards.css';
import './widgets/widgets.css';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useEffect, useMemo, useRef } from 'react';
import { DashboardDocument as Asked, type SavedDashboard } from '../api/dashboards';
import { useAsk } from '../api/use-ask';
import { useUrlState } from '../shell/use-url-state';
import { along } from './address';
import { Board } from './Board';
import { type DashboardDocument, EMPTY } from './document';

export const NEW = 'new';

/** One dashboard: read from the server, or begun. */
export function DashboardPage() {
  const { id } = useParams({ strict: false }) as { id: string };
  const [state] = useUrlState();
  const navigate = useNavigate();
  const variables = useMemo(() => (id === NEW ? null : { id }), [id]);
  const { data, current, problem, retry } = useAsk(Asked, variables);
  const saved = current ? (data?.dashboard ?? null) : null;
  useOpeningRange(saved);

  if (id === NEW) return <Board key={NEW} saved={null} document={EMPTY} onReload={retry} />;
  if (problem && !saved)
    return (
      <div className="notice" role="alert">
        <p className="notice-title">The dashboard did not answer.</p>
        <p>{problem.message}</p>
        <button type="button" className="button primary" onClick={retry}>
          Try again
        </button>
      </div>
    );
  if (current && !saved)
    return (
      <div className="notice" role="alert" data-testid="no-dashboard">
        <p className="notice-title">There is no such dashboard, or it is not shared with you.</p>
        <button
          type="button"
          className="button primary"
          onClick={() => navigate({ to: '/dashboards', search: along(state) })}
        >
          Show all dashboards
        </button>
      </div>
    );
  if (!saved) return <div className="dash-loading" aria-busy="true" />;
  return (
    <Board key={saved.id} saved={saved} document={saved.document as DashboardDocument} onReload={retry} />
  );
}

/** A dashboard opens with its own range, unless the address has one. */
function useOpeningRange(saved: SavedDashboard | null): void {
  const [, update] = useUrlState();
  const opened = useRef<string | null>(null);
  useEffect(() => {
    if (!saved || opened.current === saved.id) return;
    opened.current = saved.id;
    const { range } = saved.document as DashboardDocument;
    const stated = new URLSearchParams(location.search).has('from');
    if (range && !stated) update({ from: range.from, to: range.to ?? 'now' }, { replace: true });
  }, [saved, update]);
}
