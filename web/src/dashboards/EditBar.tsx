import { Menu } from '@mantine/core';
import { IconArrowBackUp, IconDeviceFloppy, IconPlus } from '@tabler/icons-react';
import type { SavedDashboard } from '../api/dashboards';
import { WIDGET_WORDS, WIDGETS } from './document';
import { Problems } from './Problems';
import type { Work } from './use-editing';

/** The head of a dashboard that is worked on: its name, what can be added, and the ways out. */
export function EditBar({ work, saved }: { work: Work; saved: SavedDashboard | null }) {
  const { now, past } = work.history;
  return (
    <>
      <div className="dash-bar" data-editing data-testid="edit-bar">
        <input
          className="text-field dash-title-field"
          aria-label="Title of the dashboard"
          value={now.title}
          maxLength={120}
          onChange={(event) => work.changeHead({ title: event.target.value })}
          data-testid="title-field"
        />
        <input
          className="text-field dash-about-field"
          aria-label="Description of the dashboard"
          placeholder="What it shows, for those who open it"
          value={now.description ?? ''}
          maxLength={2000}
          onChange={(event) => work.changeHead({ description: event.target.value })}
        />
        <Menu position="bottom-end" width={180} transitionProps={{ duration: 120 }}>
          <Menu.Target>
            <button type="button" className="button" data-testid="add-widget">
              <IconPlus size={15} stroke={1.75} aria-hidden />
              Add
            </button>
          </Menu.Target>
          <Menu.Dropdown>
            {WIDGETS.map((kind) => (
              <Menu.Item key={kind} onClick={() => work.addWidget(kind)} data-testid={`add-${kind}`}>
                {WIDGET_WORDS[kind]}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
        <button
          type="button"
          className="button"
          disabled={!past.length}
          onClick={work.undo}
          title={past.at(-1) ? 'Undo the last change (Ctrl Z)' : 'Nothing to undo'}
          data-testid="undo"
        >
          <IconArrowBackUp size={15} stroke={1.75} aria-hidden />
          Undo
        </button>
        <button type="button" className="button" onClick={work.discard} data-testid="discard">
          {work.dirty ? 'Discard' : 'Close'}
        </button>
        <button
          type="button"
          className="button primary"
          disabled={work.saving || (!work.dirty && saved !== null) || !now.title.trim()}
          onClick={work.save}
          title="Ctrl S"
          data-testid="save-dashboard"
        >
          <IconDeviceFloppy size={15} stroke={1.75} aria-hidden />
          {work.saving ? 'Saving' : 'Save'}
        </button>
      </div>
      <Problems problems={work.problems} />
    </>
  );
}
