import type { SpotlightActionGroupData } from '@mantine/spotlight';
import { IconAlertHexagon, IconBookmark, IconBox } from '@tabler/icons-react';
import { useMemo, useSyncExternalStore } from 'react';
import { useAlerts } from '../../alerts/AlertsProvider';
import { visible } from '../../domain/names';
import { severityWord } from '../../domain/severity';
import { useViews } from '../../views/use-views';
import { PATHS, stateOf } from '../../views/view';
import { directory } from '../directory';
import { useUpdate } from '../use-url-state';
import { icon } from './icon';

/** Saved views, open alerts and the graph's nodes, once `wanted`. */
export function useFound(wanted: boolean): SpotlightActionGroupData[] {
  const update = useUpdate();
  const { open } = useAlerts();
  const views = useViews(wanted).all;
  const places = useSyncExternalStore(directory.subscribe, directory.current);
  return useMemo(() => {
    if (!wanted) return [];
    return [
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
        actions: places.map(({ id, label, note, parent }) => ({
          id: `node ${id}`,
          label,
          description: note,
          leftSection: icon(IconBox),
          onClick: () =>
            update(
              (was) => ({
                selection: { type: 'node', id },
                open: parent ? [...new Set([...was.open, parent])] : was.open,
                view: 'graph',
              }),
              { to: '/' },
            ),
        })),
      },
    ];
  }, [wanted, views, open, places, update]);
}
