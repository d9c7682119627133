import { Popover } from '@mantine/core';
import { IconLink, IconShare3 } from '@tabler/icons-react';
import { useState } from 'react';
import type { SavedDashboard } from '../api/dashboards';
import type { DashboardDocument } from './document';
import { Problems } from './Problems';
import { useSaved } from './use-saved';

interface Props {
  saved: SavedDashboard;
  document: DashboardDocument;
  onShared: () => void;
}

/** The link of what is on screen, and who may open it. */
export function ShareButton({ saved, document, onShared }: Props) {
  const { save } = useSaved();
  const [copied, setCopied] = useState(false);
  const [shared, setShared] = useState(saved.shared);
  const [problems, setProblems] = useState<string[]>([]);
  const copy = async () => {
    await navigator.clipboard.writeText(location.href);
    setCopied(true);
    setTimeout(() => setCopied(false), 3000);
  };
  const share = async (wanted: boolean) => {
    setShared(wanted);
    const told = await save(document, { id: saved.id, version: saved.version }, wanted);
    setProblems(told.problems);
    if (told.dashboard) onShared();
    else setShared(!wanted);
  };
  return (
    <Popover position="bottom-end" width={320} trapFocus transitionProps={{ duration: 120 }}>
      <Popover.Target>
        <button type="button" className="button" data-testid="share-dashboard">
          <IconShare3 size={15} stroke={1.75} aria-hidden />
          Share
        </button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Share">
        <div className="share">
          <p className="t2">
            {saved.builtin || shared
              ? 'Everybody who may sign in can open it. Each sees only the data that they may see.'
              : 'Only you can open it.'}
          </p>
          {saved.editable && (
            <label className="share-switch">
              <input
                type="checkbox"
                checked={shared}
                onChange={(event) => share(event.target.checked)}
                data-testid="shared"
              />
              Shared with everybody, names in its filters included
            </label>
          )}
          <button type="button" className="button" onClick={copy} data-testid="copy-link">
            <IconLink size={15} stroke={1.75} aria-hidden />
            {copied ? 'Copied' : 'Copy the link, with range and scope'}
          </button>
          <Problems problems={problems} />
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
