import {
  IconAffiliate,
  IconBellRinging,
  IconChartDonut3,
  IconGitCompare,
  IconHelpCircle,
  IconLayoutDashboard,
  IconLayoutKanban,
  IconListSearch,
  IconServer,
  IconShieldCheck,
} from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useAlerts } from '../alerts/AlertsProvider';
import { encode } from '../domain/url-state';
import { Appearance } from './Appearance';
import { Mark } from './Mark';
import { carried } from './screens';
import { useUrlState } from './use-url-state';

export function Rail({ onHelp }: { onHelp: () => void }) {
  const { open } = useAlerts();
  const [state] = useUrlState();
  return (
    <nav className="rail" aria-label="Screens">
      <span className="rail-mark">
        <Mark />
      </span>
      <Link
        to="/"
        search={encode(carried(state, '/'))}
        className="rail-item"
        activeOptions={{ exact: true, includeSearch: false }}
      >
        <IconAffiliate size={19} stroke={1.6} aria-hidden />
        Graph
      </Link>
      <Link
        to="/flows"
        search={encode(carried(state, '/flows'))}
        className="rail-item"
        activeOptions={{ includeSearch: false }}
        data-testid="rail-flows"
      >
        <IconChartDonut3 size={19} stroke={1.6} aria-hidden />
        Flows
      </Link>
      <Link
        to="/policies"
        search={encode(carried(state, '/policies'))}
        className="rail-item"
        activeOptions={{ exact: true, includeSearch: false }}
        data-testid="rail-policies"
      >
        <IconLayoutKanban size={19} stroke={1.6} aria-hidden />
        Policies
      </Link>
      <Link
        to="/policies/what-if"
        search={encode(carried(state, '/policies/what-if'))}
        className="rail-item"
        activeOptions={{ includeSearch: false }}
        data-testid="rail-what-if"
      >
        <IconGitCompare size={19} stroke={1.6} aria-hidden />
        What-if
      </Link>
      <Link
        to="/posture"
        search={encode(carried(state, '/posture'))}
        className="rail-item"
        activeOptions={{ includeSearch: false }}
        data-testid="rail-posture"
      >
        <IconShieldCheck size={19} stroke={1.6} aria-hidden />
        Posture
      </Link>
      <Link
        to="/logs"
        search={encode(carried(state, '/logs'))}
        className="rail-item"
        activeOptions={{ includeSearch: false }}
        data-testid="rail-logs"
      >
        <IconListSearch size={19} stroke={1.6} aria-hidden />
        Logs
      </Link>
      <Link
        to="/dashboards"
        search={encode(carried(state, '/dashboards'))}
        className="rail-item"
        activeOptions={{ includeSearch: false }}
        data-testid="rail-dashboards"
      >
        <IconLayoutDashboard size={19} stroke={1.6} aria-hidden />
        <span className="rail-long">Dashboards</span>
      </Link>
      <Link
        to="/alerts"
        search={encode(carried(state, '/alerts'))}
        className="rail-item"
        activeOptions={{ includeSearch: false }}
        data-testid="rail-alerts"
      >
        <IconBellRinging size={19} stroke={1.6} aria-hidden />
        Alerts
        {open.length > 0 && (
          <span className="rail-badge" data-testid="alerts-badge">
            {open.length > 99 ? '99+' : open.length}
            <span className="visually-hidden"> open</span>
          </span>
        )}
      </Link>
      <span className="rail-space" />
      <Link
        to="/settings/clusters"
        search={encode(carried(state, '/settings/clusters'))}
        className="rail-item"
        activeOptions={{ includeSearch: false }}
        data-testid="rail-clusters"
      >
        <IconServer size={19} stroke={1.6} aria-hidden />
        Clusters
      </Link>
      <Appearance />
      <button
        type="button"
        className="icon-button"
        onClick={onHelp}
        aria-label="Keyboard help"
        title="Keyboard help (?)"
      >
        <IconHelpCircle size={19} stroke={1.6} aria-hidden />
      </button>
    </nav>
  );
}
