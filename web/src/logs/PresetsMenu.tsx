import { Menu } from '@mantine/core';
import { IconBookmark, IconCheck, IconChevronDown } from '@tabler/icons-react';
import type { SavedPreset } from '../api/presets';
import { KIND_LIST, KINDS, type LogKind } from '../domain/log-kinds';
import { visible } from '../domain/names';
import type { Presets } from './use-presets';

interface Props {
  presets: Presets;
  kind: LogKind;
  chosen: SavedPreset | null;
  onPick: (preset: SavedPreset) => void;
}

/** Questions that people ask, those about the kind at hand first, then what people here saved. */
export function PresetsMenu({ presets, kind, chosen, onPick }: Props) {
  const all = presets.all ?? [];
  const kinds = [KINDS[kind], ...KIND_LIST.filter((info) => info.kind !== kind)];
  const sections = kinds.flatMap((info) => {
    const about = all.filter((preset) => preset.kind === info.kind);
    const own = about.filter((preset) => !preset.builtin);
    const ready = about.filter((preset) => preset.builtin);
    return [
      { title: `${info.label}, saved`, some: own },
      { title: info.label, some: ready },
    ];
  });
  return (
    <Menu position="bottom-end" width={380} transitionProps={{ duration: 120 }}>
      <Menu.Target>
        <button type="button" className="button" data-testid="presets">
          <IconBookmark size={15} stroke={1.75} aria-hidden />
          <span className="visually-hidden">Preset: </span>
          <span className="preset-name cut">{chosen ? visible(chosen.title) : 'Presets'}</span>
          <IconChevronDown size={14} stroke={1.75} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown className="presets-drop">
        {presets.problem && <Menu.Label>The presets did not answer: {presets.problem}</Menu.Label>}
        {sections
          .filter(({ some }) => some.length > 0)
          .map(({ title, some }) => (
            <div key={title}>
              <Menu.Label>{title}</Menu.Label>
              {some.map((preset) => (
                <Menu.Item
                  key={preset.id}
                  data-testid="preset"
                  data-title={preset.title}
                  rightSection={preset.id === chosen?.id ? <IconCheck size={14} aria-label="chosen" /> : null}
                  onClick={() => onPick(preset)}
                >
                  {visible(preset.title)}
                  <span className="preset-question t3">{visible(preset.question)}</span>
                </Menu.Item>
              ))}
            </div>
          ))}
      </Menu.Dropdown>
    </Menu>
  );
}
