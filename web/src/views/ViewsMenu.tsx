import './views.css';
import { Menu } from '@mantine/core';
import {
  IconBookmark,
  IconCheck,
  IconChevronDown,
  IconDeviceFloppy,
  IconPlus,
  IconTrash,
  IconUsers,
} from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import type { SavedView } from '../api/views';
import { visible } from '../domain/names';
import type { UrlState } from '../domain/url-state';
import { isTyping } from '../shell/keys';
import type { Update } from '../shell/use-url-state';
import { SaveView } from './SaveView';
import { useViews } from './use-views';
import { isChanged, keptDocument, ordered, PATHS, stateOf, type ViewPage, type Words, written } from './view';

interface Props {
  page: ViewPage;
  state: UrlState;
  update: Update;
}

const PAGE_WORDS: Record<ViewPage, string> = { GRAPH: 'Service Graph', FLOWS: 'Flow Visualizer' };
const glyph = { size: 14, stroke: 1.75, 'aria-hidden': true } as const;

/** Views that people saved: opened, saved, shared and deleted. The address names the one that was opened. */
export function ViewsMenu({ page, state, update }: Props) {
  const [opened, setOpened] = useState(false);
  const [naming, setNaming] = useState(false);
  const [sure, setSure] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const views = useViews(opened || naming || state.saved !== null);
  const chosen = views.all?.find((view) => view.id === state.saved && view.page === page) ?? null;
  const changed = chosen !== null && isChanged(chosen, state);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (isTyping(event) || (event.key !== 'v' && event.key !== 'V')) return;
      event.preventDefault();
      setOpened(true);
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);

  const show = (next: boolean) => {
    setOpened(next);
    setSure(false);
    setProblem(null);
  };
  const open = (view: SavedView) => update(stateOf(view), { to: PATHS[view.page] });
  const told = (answer: SavedView | string) => {
    setProblem(typeof answer === 'string' ? answer : null);
    if (typeof answer === 'string') return;
    setOpened(false);
    if (answer.id !== state.saved) update({ saved: answer.id }, { replace: true });
  };
  const saveNew = async (words: Words, shared: boolean) => {
    const answer = await views.save(written(words, page, state), shared);
    if (typeof answer === 'string') return answer;
    update({ saved: answer.id }, { replace: true });
    return null;
  };
  const remove = async (view: SavedView) => {
    if (!sure) return setSure(true);
    const why = await views.remove(view);
    setProblem(why);
    if (why !== null) return;
    show(false);
    update({ saved: null }, { replace: true });
  };

  return (
    <>
      <Menu
        opened={opened}
        onChange={show}
        position="bottom-end"
        width={320}
        transitionProps={{ duration: 120 }}
      >
        <Menu.Target>
          <button
            type="button"
            className="button small"
            data-testid="views"
            data-changed={changed || undefined}
            title={
              chosen ? `View: ${visible(chosen.title)}${changed ? ', changed' : ''} (V)` : 'Saved views (V)'
            }
          >
            <IconBookmark {...glyph} />
            <span className="visually-hidden">View: </span>
            <span className="views-name cut">{chosen ? visible(chosen.title) : 'Views'}</span>
            {changed && <span className="views-changed t3">changed</span>}
            {changed && <span className="views-dot" aria-hidden />}
            <IconChevronDown size={13} stroke={1.75} aria-hidden />
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          {views.problem && <Menu.Label>The views did not answer: {views.problem}</Menu.Label>}
          <div className="views-list">
            {views.all?.length === 0 && (
              <Menu.Label>None is saved yet. A view keeps what the address says.</Menu.Label>
            )}
            {ordered(views.all ?? [], page).map((view) => (
              <Menu.Item
                key={view.id}
                data-testid="saved-view"
                data-title={view.title}
                rightSection={view.id === chosen?.id ? <IconCheck size={14} aria-label="chosen" /> : null}
                onClick={() => open(view)}
              >
                {visible(view.title)}
                <span className="views-note t3">{noteOf(view, page)}</span>
              </Menu.Item>
            ))}
          </div>
          <Menu.Divider />
          {chosen?.editable && changed && (
            <Menu.Item
              leftSection={<IconDeviceFloppy {...glyph} />}
              closeMenuOnClick={false}
              data-testid="view-over"
              onClick={async () => told(await views.save(written(chosen, page, state), null, chosen))}
            >
              Save over “{visible(chosen.title)}”
            </Menu.Item>
          )}
          {chosen && changed && (
            <Menu.Item leftSection={<IconBookmark {...glyph} />} onClick={() => open(chosen)}>
              As it was saved
            </Menu.Item>
          )}
          <Menu.Item
            leftSection={<IconPlus {...glyph} />}
            data-testid="view-new"
            onClick={() => setNaming(true)}
          >
            Save this view as…
          </Menu.Item>
          {chosen?.editable && (
            <>
              <Menu.Item
                leftSection={<IconUsers {...glyph} />}
                closeMenuOnClick={false}
                data-testid="view-share"
                onClick={async () => told(await views.save(keptDocument(chosen), !chosen.shared, chosen))}
              >
                {chosen.shared ? 'Share it no longer' : 'Share it with everybody'}
              </Menu.Item>
              <Menu.Item
                leftSection={<IconTrash {...glyph} />}
                closeMenuOnClick={false}
                data-testid="view-delete"
                onClick={() => remove(chosen)}
                onBlur={() => setSure(false)}
              >
                {sure ? `Press again to delete “${visible(chosen.title)}”` : 'Delete it'}
              </Menu.Item>
            </>
          )}
          {problem && (
            <p className="views-problem deny-ink" role="alert">
              {visible(problem)}
            </p>
          )}
        </Menu.Dropdown>
      </Menu>
      {naming && <SaveView onSave={saveNew} onClose={() => setNaming(false)} />}
    </>
  );
}

/** What it is for, whose it is where it is somebody else's, and of which page where it is another. */
function noteOf(view: SavedView, page: ViewPage): string {
  const whose = view.editable ? (view.shared ? 'Shared' : null) : `By ${visible(view.owner ?? 'nobody')}`;
  const where = view.page === page ? null : PAGE_WORDS[view.page];
  return [visible(view.description), where, whose].filter(Boolean).join(' · ');
}
