import { Menu } from '@mantine/core';
import { IconCheck, IconChevronDown } from '@tabler/icons-react';

interface Props {
  icon: React.ReactNode;
  /** `What: chosen`, or `What` while nothing is; where there is little room only what is chosen is written. */
  label: string;
  testid: string;
  onChange?: (opened: boolean) => void;
  children: React.ReactNode;
}

/** A menu of the toolbar that says what is chosen. */
export function Choice({ icon, label, testid, onChange, children }: Props) {
  const [what, chosen] = label.split(': ');
  return (
    <Menu position="bottom-start" transitionProps={{ duration: 120 }} {...(onChange ? { onChange } : {})}>
      <Menu.Target>
        <button type="button" className="button small" data-testid={testid} aria-label={label} title={label}>
          {icon}
          {chosen === undefined ? (
            what
          ) : (
            <>
              <span className="choice-what">{what}: </span>
              {chosen}
            </>
          )}
          <IconChevronDown size={13} stroke={1.75} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown>{children}</Menu.Dropdown>
    </Menu>
  );
}

interface ItemProps {
  on: boolean;
  onClick: () => void;
  /** What is to be known of it, such as why it shows nothing. */
  note?: string | null;
  children: React.ReactNode;
}

export function Item({ on, onClick, note, children }: ItemProps) {
  return (
    <Menu.Item onClick={onClick} rightSection={on ? <IconCheck size={14} aria-label="chosen" /> : null}>
      {children}
      {note && <span className="choice-note t3">{note}</span>}
    </Menu.Item>
  );
}
