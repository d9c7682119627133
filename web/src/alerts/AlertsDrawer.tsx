import { IconX } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useNow } from '../shell/use-now';
import { AlertRow } from './AlertRow';
import { useAlerts } from './AlertsProvider';
import { useOpenAlert } from './use-open-alert';

/** The live alerts beside the graph. */
export function AlertsDrawer({ open, onClose }: { open: boolean; onClose: () => void }) {
  const alerts = useAlerts();
  const openAlert = useOpenAlert();
  const now = useNow(1000);
  return (
    <>
      <div className="visually-hidden" aria-live="polite">
        {alerts.arrived.size > 0 &&
          `${alerts.open.length} open alerts. Newest: ${alerts.all?.[0]?.title ?? ''}`}
      </div>
      {open && (
        <aside className="alerts-drawer" aria-label="Live alerts" data-testid="alerts-drawer">
          <header>
            <h2>Live alerts</h2>
            <span className="pill denied">{alerts.open.length} open</span>
            <span className="top-space" />
            <Link to="/alerts" className="link small-text">
              All alerts
            </Link>
            <button type="button" className="icon-button" aria-label="Close the alerts" onClick={onClose}>
              <IconX size={16} stroke={1.75} aria-hidden />
            </button>
          </header>
          <ul className="alert-list">
            {alerts.open.slice(0, 50).map((alert) => (
              <AlertRow
                key={alert.id}
                alert={alert}
                now={now}
                selected={false}
                fresh={alerts.arrived.has(alert.id)}
                onPick={() => openAlert(alert)}
              />
            ))}
          </ul>
          {alerts.open.length === 0 && <p className="empty-list">No open alerts in the last 7 days.</p>}
        </aside>
      )}
    </>
  );
}
