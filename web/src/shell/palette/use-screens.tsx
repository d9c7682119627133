import type { SpotlightActionGroupData } from '@mantine/spotlight';
import {
  type Icon,
  IconAffiliate,
  IconBellCog,
  IconBellRinging,
  IconBulb,
  IconChartDonut3,
  IconFileAlert,
  IconGitCompare,
  IconLayoutDashboard,
  IconLayoutKanban,
  IconListDetails,
  IconListSearch,
  IconSend,
  IconServer,
  IconShieldCheck,
} from '@tabler/icons-react';
import { useMemo } from 'react';
import { SCREENS, type ScreenPath } from '../screens';
import { useUpdate } from '../use-url-state';
import { icon } from './icon';

/** In the order in which they are listed, each with other words for it. */
const LISTED: [ScreenPath, Icon, string?][] = [
  ['/', IconAffiliate],
  ['/flows', IconChartDonut3, 'ring chord'],
  ['/logs', IconListSearch],
  ['/policies/what-if', IconGitCompare],
  ['/policies/recommended', IconBulb, 'recommend recommendations learn generate'],
  ['/posture', IconShieldCheck, 'score risk isolation egress exposure'],
  ['/alerts/rules', IconBellCog, 'rules globalalert import'],
  ['/alerts/delivery', IconSend, 'webhook slack jira alertmanager syslog send targets'],
  ['/alerts/feeds', IconListDetails, 'threat intelligence tor vpn stix taxii lists ioc'],
  ['/settings/clusters', IconServer, 'settings register title colour lag silent'],
  ['/settings/rejected', IconFileAlert, 'dead letters refused ingest errors'],
  ['/dashboards', IconLayoutDashboard],
  ['/policies', IconLayoutKanban],
  ['/alerts', IconBellRinging],
];

export function useScreens(): SpotlightActionGroupData {
  const update = useUpdate();
  return useMemo(
    () => ({
      group: 'Go to',
      actions: LISTED.map(([path, drawn, keywords]) => ({
        id: path,
        label: SCREENS[path],
        keywords,
        leftSection: icon(drawn),
        onClick: () => update({}, { to: path }),
      })),
    }),
    [update],
  );
}
