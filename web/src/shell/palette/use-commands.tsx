import { useMantineColorScheme } from '@mantine/core';
import type { SpotlightActionGroupData } from '@mantine/spotlight';
import { IconBolt } from '@tabler/icons-react';
import { useMemo } from 'react';
import { PRESETS } from '../../domain/time';
import { setHighContrast, useHighContrast } from '../../theme/contrast-setting';
import { useLiveToggle } from '../use-live-toggle';
import { useUrlParts } from '../use-url-state';
import { icon } from './icon';

export function useCommands(onHelp: () => void): SpotlightActionGroupData {
  const [{ show, view }, update] = useUrlParts('show', 'view');
  const { setColorScheme, colorScheme } = useMantineColorScheme();
  const high = useHighContrast();
  const toggleLive = useLiveToggle();
  return useMemo(() => {
    const dark = colorScheme === 'dark';
    const command = (id: string, label: string, onClick: () => void, more = {}) => ({
      id,
      label,
      onClick,
      leftSection: icon(IconBolt),
      ...more,
    });
    return {
      group: 'Actions',
      actions: [
        command('live', 'Live or paused', toggleLive, { description: 'Key L' }),
        command(
          'theme',
          dark ? 'Use the light theme' : 'Use the dark theme',
          () => setColorScheme(dark ? 'light' : 'dark'),
          { keywords: 'toggle theme dark light' },
        ),
        command('contrast', high ? 'Normal contrast' : 'High contrast', () => setHighContrast(!high)),
        command('denied', show === 'denied' ? 'Show all edges' : 'Show denied edges only', () =>
          update({ show: show === 'denied' ? 'all' : 'denied' }, { to: '/' }),
        ),
        command('table', view === 'table' ? 'Show the graph' : 'Show the graph as a table', () =>
          update({ view: view === 'table' ? 'graph' : 'table' }, { to: '/' }),
        ),
        command('fold', 'Close all namespaces', () => update({ open: [], level: 'NAMESPACE' }, { to: '/' })),
        command('keys', 'Keyboard help', onHelp, { description: 'Key ?' }),
        ...PRESETS.map(({ from, label }) =>
          command(from, `Range: ${label.toLowerCase()}`, () => update({ from, to: 'now' }), {
            keywords: 'time range',
          }),
        ),
      ],
    };
  }, [colorScheme, high, show, view, toggleLive, update, setColorScheme, onHelp]);
}
