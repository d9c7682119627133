import { spotlight } from '@mantine/spotlight';
import { IconBell, IconSearch } from '@tabler/icons-react';
import { useAlerts } from '../alerts/AlertsProvider';
import { ClusterSwitcher } from './ClusterSwitcher';
import { LiveChip } from './LiveChip';
import { NamespaceScope } from './NamespaceScope';
import { RangePicker } from './RangePicker';

interface Props {
  title: string;
  alertsOpen: boolean;
  /** Null where the screen is the alerts themselves. */
  onAlerts: (() => void) | null;
}

export function TopBar({ title, alertsOpen, onAlerts }: Props) {
  const { open } = useAlerts();
  return (
    <header className="top-bar">
      <h1>{title}</h1>
      <span className="top-rule" />
      <ClusterSwitcher />
      {onAlerts && <NamespaceScope />}
      <span className="top-space" />
      <button type="button" className="button command" onClick={() => spotlight.open()} data-testid="command">
        <IconSearch size={15} stroke={1.75} aria-hidden />
        <span className="command-text">Search or run a command</span>
        <kbd className="kbd">Ctrl</kbd>
        <kbd className="kbd">K</kbd>
      </button>
      {onAlerts && <RangePicker />}
      <LiveChip />
      {onAlerts && (
        <button
          type="button"
          className="icon-button alerts-toggle"
          aria-label={`Live alerts, ${open.length} open`}
          aria-expanded={alertsOpen}
          title="Live alerts"
          onClick={onAlerts}
          data-testid="alerts-toggle"
        >
          <IconBell size={17} stroke={1.6} aria-hidden />
          {open.length > 0 && <span className="dot" aria-hidden />}
        </button>
      )}
    </header>
  );
}
