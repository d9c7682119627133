import { Menu } from '@mantine/core';
import { IconCopy, IconDots, IconFileExport, IconLock, IconPencil, IconTrash } from '@tabler/icons-react';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { SavedDashboard } from '../api/dashboards';
import { visible } from '../domain/names';
import { useUrlState } from '../shell/use-url-state';
import { along } from './address';
import { download, fileName } from './csv';
import { DeleteDialog } from './DeleteDialog';
import type { DashboardDocument } from './document';
import { exported } from './exchange';
import { Problems } from './Problems';
import { ShareButton } from './ShareButton';
import { copyOf, useSaved } from './use-saved';

interface Props {
  saved: SavedDashboard | null;
  document: DashboardDocument;
  onReload: () => void;
}

/** The head of a dashboard that is looked at: its name, and what can be done with it. */
export function ViewBar({ saved, document, onReload }: Props) {
  const [state, update] = useUrlState();
  const navigate = useNavigate();
  const { save } = useSaved();
  const [problems, setProblems] = useState<string[]>([]);
  const [deleting, setDeleting] = useState(false);
  const [copying, setCopying] = useState(false);
  const copy = async () => {
    setCopying(true);
    const told = await save(copyOf(document), null);
    setCopying(false);
    setProblems(told.problems);
    if (told.dashboard)
      navigate({
        to: '/dashboards/$id',
        params: { id: told.dashboard.id },
        search: along(state, true),
      });
  };
  return (
    <>
      <div className="dash-bar">
        <Link to="/dashboards" search={along(state)} className="link dash-crumb">
          Dashboards
        </Link>
        <span className="t3" aria-hidden>
          /
        </span>
        <h2 className="cut" data-testid="dashboard-title">
          {visible(document.title)}
        </h2>
        {saved?.builtin && (
          <span className="chip">
            <IconLock size={12} stroke={2} aria-hidden />
            Built in
          </span>
        )}
        {saved?.shared && !saved.builtin && <span className="chip">Shared</span>}
        <span className="top-space" />
        {saved?.editable ? (
          <button
            type="button"
            className="button"
            onClick={() => update({ edit: true })}
            data-testid="edit-dashboard"
          >
            <IconPencil size={15} stroke={1.75} aria-hidden />
            Edit
          </button>
        ) : (
          <button
            type="button"
            className="button"
            onClick={copy}
            disabled={copying}
            data-testid="copy-dashboard"
            title="Make a copy of your own, which you can change"
          >
            <IconCopy size={15} stroke={1.75} aria-hidden />
            Copy to edit
          </button>
        )}
        {saved && <ShareButton saved={saved} document={document} onShared={onReload} />}
        <Menu position="bottom-end" width={220} transitionProps={{ duration: 120 }}>
          <Menu.Target>
            <button type="button" className="icon-button" aria-label="More" data-testid="dashboard-menu">
              <IconDots size={17} stroke={1.75} aria-hidden />
            </button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item
              leftSection={<IconFileExport size={15} stroke={1.75} />}
              onClick={() =>
                download(fileName(document.title, 'json'), 'application/json', exported(document))
              }
              data-testid="export-dashboard"
            >
              Export as JSON
            </Menu.Item>
            {saved?.editable && (
              <Menu.Item
                leftSection={<IconCopy size={15} stroke={1.75} />}
                onClick={copy}
                data-testid="duplicate-dashboard"
              >
                Make a copy
              </Menu.Item>
            )}
            {saved?.editable && (
              <Menu.Item
                leftSection={<IconTrash size={15} stroke={1.75} />}
                color="var(--deny)"
                onClick={() => setDeleting(true)}
                data-testid="delete-dashboard"
              >
                Delete “{visible(document.title)}”
              </Menu.Item>
            )}
          </Menu.Dropdown>
        </Menu>
      </div>
      <Problems problems={problems} onClose={() => setProblems([])} />
      {saved && deleting && <DeleteDialog saved={saved} onClose={() => setDeleting(false)} />}
    </>
  );
}
