import { useMantineColorScheme } from '@mantine/core';
import { Spotlight, type SpotlightActionGroupData } from '@mantine/spotlight';
import {
  IconAffiliate,
  IconAlertHexagon,
  IconBellCog,
  IconBellRinging,
  IconBolt,
  IconBookmark,
  IconBox,
  IconBulb,
  IconChartDonut3,
  IconGitCompare,
  IconLayoutDashboard,
  IconLayoutKanban,
  IconListDetails,
  IconListSearch,
  IconSearch,
  IconSend,
  IconServer,
  IconShieldCheck,
} from '@tabler/icons-react';
import { useMemo, useState, useSyncExternalStore } from 'react';
import { useAlerts } from '../alerts/AlertsProvider';
import { visible } from '../domain/names';
import { severityWord } from '../domain/severity';
import { PRESETS } from '../domain/time';
import { setHighContrast, useHighContrast } from '../theme/contrast-setting';
import { useViews } from '../views/use-views';
import { PATHS, stateOf } from '../views/view';
import { directory } from './directory';
import { useLiveToggle } from './use-live-toggle';
import { useUrlState } from './use-url-state';

export function Palette({ onHelp }: { onHelp: () => void }) {
  const [state, update] = useUrlState();
  const { open } = useAlerts();
  const { setColorScheme, colorScheme } = useMantineColorScheme();
  const high = useHighContrast();
  const toggleLive = useLiveToggle();
  const [shown, setShown] = useState(false);
  const views = useViews(shown).all;
  const places = useSyncExternalStore(directory.subscribe, directory.current);

  const actions = useMemo<SpotlightActionGroupData[]>(() => {
    const icon = (Icon: typeof IconBox) => <Icon size={16} stroke={1.75} aria-hidden />;
    const dark = colorScheme === 'dark';
    return [
      {
        group: 'Go to',
        actions: [
          {
            id: 'graph',
            label: 'Service Graph',
            leftSection: icon(IconAffiliate),
            onClick: () => update({}, { to: '/' }),
          },
          {
            id: 'flows',
            label: 'Flow Visualizer',
            keywords: 'ring chord',
            leftSection: icon(IconChartDonut3),
            onClick: () => update({}, { to: '/flows' }),
          },
          {
            id: 'logs',
            label: 'Logs',
            leftSection: icon(IconListSearch),
            onClick: () => update({}, { to: '/logs' }),
          },
          {
            id: 'what-if',
            label: 'Policy What-if',
            leftSection: icon(IconGitCompare),
            onClick: () => update({}, { to: '/policies/what-if' }),
          },
          {
            id: 'recommended',
            label: 'Recommended Policies',
            keywords: 'recommend recommendations learn generate',
            leftSection: icon(IconBulb),
            onClick: () => update({}, { to: '/policies/recommended' }),
          },
          {
            id: 'posture',
            label: 'Security Posture',
            keywords: 'score risk isolation egress exposure',
            leftSection: icon(IconShieldCheck),
            onClick: () => update({}, { to: '/posture' }),
          },
          {
            id: 'alert-rules',
            label: 'Alert Rules',
            keywords: 'rules globalalert import',
            leftSection: icon(IconBellCog),
            onClick: () => update({}, { to: '/alerts/rules' }),
          },
          {
            id: 'alert-delivery',
            label: 'Alert Delivery',
            keywords: 'webhook slack jira alertmanager syslog send targets',
            leftSection: icon(IconSend),
            onClick: () => update({}, { to: '/alerts/delivery' }),
          },
          {
            id: 'indicator-feeds',
            label: 'Indicator Feeds',
            keywords: 'threat intelligence tor vpn stix taxii lists ioc',
            leftSection: icon(IconListDetails),
            onClick: () => update({}, { to: '/alerts/feeds' }),
          },
          {
            id: 'clusters',
            label: 'Clusters',
            keywords: 'settings register title colour lag silent',
            leftSection: icon(IconServer),
            onClick: () => update({}, { to: '/settings/clusters' }),
          },
          {
            id: 'dashboards',
            label: 'Dashboards',
            leftSection: icon(IconLayoutDashboard),
            onClick: () => update({}, { to: '/dashboards' }),
          },
          {
            id: 'policies',
            label: 'Policy Board',
            leftSection: icon(IconLayoutKanban),
            onClick: () => update({}, { to: '/policies' }),
          },
          {
            id: 'alerts',
            label: 'Alerts',
            leftSection: icon(IconBellRinging),
            onClick: () => update({}, { to: '/alerts' }),
          },
        ],
      },
      {
        group: 'Actions',
        actions: [
          {
            id: 'live',
            label: 'Live or paused',
            description: 'Key L',
            leftSection: icon(IconBolt),
            onClick: toggleLive,
          },
          {
            id: 'theme',
            label: dark ? 'Use the light theme' : 'Use the dark theme',
            keywords: 'toggle theme dark light',
            leftSection: icon(IconBolt),
            onClick: () => setColorScheme(dark ? 'light' : 'dark'),
          },
          {
            id: 'contrast',
            label: high ? 'Normal contrast' : 'High contrast',
            leftSection: icon(IconBolt),
            onClick: () => setHighContrast(!high),
          },
          {
            id: 'denied',
            label: state.show === 'denied' ? 'Show all edges' : 'Show denied edges only',
            leftSection: icon(IconBolt),
            onClick: () => update({ show: state.show === 'denied' ? 'all' : 'denied' }, { to: '/' }),
          },
          {
            id: 'table',
            label: state.view === 'table' ? 'Show the graph' : 'Show the graph as a table',
            leftSection: icon(IconBolt),
            onClick: () => update({ view: state.view === 'table' ? 'graph' : 'table' }, { to: '/' }),
          },
          {
            id: 'fold',
            label: 'Close all namespaces',
            leftSection: icon(IconBolt),
            onClick: () => update({ open: [], level: 'NAMESPACE' }, { to: '/' }),
          },
          {
            id: 'keys',
            label: 'Keyboard help',
            description: 'Key ?',
            leftSection: icon(IconBolt),
            onClick: onHelp,
          },
          ...PRESETS.map((preset) => ({
            id: preset.from,
            label: `Range: ${preset.label.toLowerCase()}`,
            keywords: 'time range',
            leftSection: icon(IconBolt),
            onClick: () => update({ from: preset.from, to: 'now' }),
          })),
        ],
      },
      {
        group: 'Views',
        actions: (views ?? []).map((view) => ({
          id: `view ${view.id}`,
          label: visible(view.title),
          description: visible(view.description) || 'A saved view',
          keywords: 'saved view',
          leftSection: icon(IconBookmark),
          onClick: () => update(stateOf(view), { to: PATHS[view.page] }),
        })),
      },
      {
        group: 'Alerts',
        actions: open.map((alert) => ({
          id: `alert ${alert.id}`,
          label: alert.title,
          description: severityWord(alert.level),
          leftSection: icon(IconAlertHexagon),
          onClick: () => update({ alert: alert.id }, { to: '/alerts' }),
        })),
      },
      {
        group: 'Nodes',
        actions: places.map((place) => ({
          id: `node ${place.id}`,
          label: place.label,
          description: place.note,
          leftSection: icon(IconBox),
          onClick: () =>
            update(
              {
                selection: { type: 'node', id: place.id },
                open:
                  place.parent && !state.open.includes(place.parent)
                    ? [...state.open, place.parent]
                    : state.open,
                view: 'graph',
              },
              { to: '/' },
            ),
        })),
      },
    ];
  }, [places, open, views, colorScheme, high, state, toggleLive, update, setColorScheme, onHelp]);

  return (
    <Spotlight
      actions={actions}
      shortcut={['mod + K']}
      onSpotlightOpen={() => setShown(true)}
      onSpotlightClose={() => setShown(false)}
      overlayProps={{ blur: 0, backgroundOpacity: 0.5 }}
      attributes={{ content: { 'aria-label': 'Commands' } }}
      limit={9}
      maxHeight={420}
      scrollable
      highlightQuery
      nothingFound="Nothing has that name."
      searchProps={{
        leftSection: <IconSearch size={17} stroke={1.6} aria-hidden />,
        placeholder: 'Search nodes and alerts, or run a command',
        'aria-label': 'Search or run a command',
      }}
    />
  );
}
