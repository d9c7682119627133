import { Menu } from '@mantine/core';
import { IconArrowLeft, IconCheck, IconChevronDown, IconLink, IconPencil } from '@tabler/icons-react';
import { useState } from 'react';
import { visible } from '../../domain/names';
import { CHANGES, type Change, changesFor } from './change';
import { linkable } from './drafts';
import { kindWord, type Listed, type ObjectRef } from './objects';

interface Props {
  title: string;
  object: ObjectRef | null;
  listed: Listed | null;
  change: Change;
  draft: string | null;
  onBack: () => void;
  onChange: (change: Change) => void;
}

/** What is tried on what. */
export function ChangeBar({ title, object, listed, change, draft, onBack, onChange }: Props) {
  return (
    <div className="whatif-bar">
      <button
        type="button"
        className="icon-button"
        aria-label="Choose another object"
        title="Choose another object"
        onClick={onBack}
        data-testid="back"
      >
        <IconArrowLeft size={17} stroke={1.6} aria-hidden />
      </button>
      <h2 className="cut" data-testid="whatif-title">
        {visible(title)}
      </h2>
      {object && <span className="chip wide-only">{kindWord(object.kind)}</span>}
      {object?.namespace && <span className="chip">{visible(object.namespace)}</span>}
      {listed?.tier && <span className="chip wide-only">tier {visible(listed.tier)}</span>}
      {draft !== null && change === 'edit' && (
        <span className="pill staged">
          <IconPencil size={12} stroke={2} aria-hidden />
          Draft
        </span>
      )}
      <span className="t3 small-text wide-only">Nothing here changes the cluster.</span>
      <span className="top-space" />
      <CopyLink draft={change === 'edit' ? draft : null} />
      {object && (
        <Menu position="bottom-end" width={190} transitionProps={{ duration: 120 }}>
          <Menu.Target>
            <button type="button" className="button" data-testid="change-menu">
              <IconPencil size={15} stroke={1.75} aria-hidden />
              Change: {CHANGES[change].toLowerCase()}
              <IconChevronDown size={14} stroke={1.75} aria-hidden />
            </button>
          </Menu.Target>
          <Menu.Dropdown>
            {changesFor(object).map((each) => (
              <Menu.Item
                key={each}
                onClick={() => onChange(each)}
                rightSection={each === change ? <IconCheck size={14} aria-label="chosen" /> : null}
                data-testid={`change-${each}`}
              >
                {CHANGES[each]}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
    </div>
  );
}

/** The address as it is, and a draft that is short enough to go along. */
function CopyLink({ draft }: { draft: string | null }) {
  const [said, setSaid] = useState('');
  const copy = () => {
    const address = new URL(location.href);
    const along = draft !== null && linkable(draft);
    if (along) address.searchParams.set('draft', draft);
    else address.searchParams.delete('draft');
    navigator.clipboard
      .writeText(address.href)
      .then(() =>
        setSaid(
          draft === null || along ? 'Copied' : 'Copied without the draft, which is too long for a link',
        ),
      );
  };
  return (
    <>
      <span className="t3 small-text" role="status">
        {said}
      </span>
      <button type="button" className="button" onClick={copy} data-testid="copy-link">
        <IconLink size={15} stroke={1.75} aria-hidden />
        Copy link
      </button>
    </>
  );
}
