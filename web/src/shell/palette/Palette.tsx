import { Spotlight } from '@mantine/spotlight';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { useCommands } from './use-commands';
import { useFound } from './use-found';
import { useScreens } from './use-screens';

/** Nothing is listed while it is closed: what it lists changes with every picture of the graph. */
export function Palette({ onHelp }: { onHelp: () => void }) {
  const [shown, setShown] = useState(false);
  const screens = useScreens();
  const commands = useCommands(onHelp);
  const found = useFound(shown);
  return (
    <Spotlight
      actions={shown ? [screens, commands, ...found] : []}
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
