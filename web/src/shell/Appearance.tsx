import { Menu, useMantineColorScheme } from '@mantine/core';
import {
  IconCheck,
  IconContrast2,
  IconDeviceDesktop,
  IconMoon,
  IconSettings,
  IconSun,
} from '@tabler/icons-react';
import { setHighContrast, useHighContrast } from '../theme/contrast-setting';

const SCHEMES = [
  { value: 'dark', label: 'Dark', Icon: IconMoon },
  { value: 'light', label: 'Light', Icon: IconSun },
  { value: 'auto', label: 'As the system', Icon: IconDeviceDesktop },
] as const;

export function Appearance() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const high = useHighContrast();
  return (
    <Menu position="right-end" width={200} transitionProps={{ duration: 120 }}>
      <Menu.Target>
        <button
          type="button"
          className="icon-button"
          aria-label="Appearance"
          title="Appearance"
          data-testid="appearance"
        >
          <IconSettings size={19} stroke={1.6} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Theme</Menu.Label>
        {SCHEMES.map(({ value, label, Icon }) => (
          <Menu.Item
            key={value}
            leftSection={<Icon size={15} stroke={1.75} />}
            rightSection={colorScheme === value ? <IconCheck size={14} aria-label="chosen" /> : null}
            onClick={() => setColorScheme(value)}
          >
            {label}
          </Menu.Item>
        ))}
        <Menu.Label>Legibility</Menu.Label>
        <Menu.Item
          leftSection={<IconContrast2 size={15} stroke={1.75} />}
          rightSection={high ? <IconCheck size={14} aria-label="on" /> : null}
          onClick={() => setHighContrast(!high)}
        >
          High contrast
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
