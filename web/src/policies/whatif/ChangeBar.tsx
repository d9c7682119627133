import { Menu } from '@mantine/core';
import {
  IconArrowLeft,
  IconCheck,
  IconChevronDown,
  IconLink,
  IconPencil,
  IconPlus,
} from '@tabler/icons-react';
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
  /** Keeps the change beside others; null while there is nothing to keep. */
  onKeep: (() => void) | null;
  /** The kept changes as a link has them; null where there are none. */
  kept: string | null;
  onBack: () => void;
  onChange: (change: Change) => void;
}

/** What is tried on what. */
export function ChangeBar({ title, object, listed, change, draft, kept, onKeep, onBack, onChange }: Props) {
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
      <CopyLink draft={change === 'edit' ? draft : null} kept={kept} />
      <button
        type="button"
        className="button"
        disabled={!onKeep}
        title="Keep this change in the replay, and choose another one"
        onClick={onKeep ?? undefined}
        data-testid="keep-change"
      >
        <IconPlus size={15} stroke={1.75} aria-hidden />
        And another
      </button>
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
function CopyLink({ draft, kept }: { draft: string | null; kept: string | null }) {
  const [said, setSaid] = useState('');
  const copy = () => {
    const address = new URL(location.href);
    let left = '';
    for (const [name, text, what] of [
      ['draft', draft, 'the draft'],
      ['kept', kept, 'the other changes'],
    ] as const) {
      if (text !== null && linkable(text)) address.searchParams.set(name, text);
      else address.searchParams.delete(name);
      if (text !== null && !linkable(text)) left ||= what;
    }
    navigator.clipboard
      .writeText(address.href)
      .then(() => setSaid(left ? `Copied without ${left}: too long for a link` : 'Copied'));
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
