import { IconLink, IconTrash, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import type { SavedPreset } from '../api/presets';
import { visible } from '../domain/names';

interface Props {
  preset: SavedPreset;
  /** Whether the filter is still the preset's. */
  changed: boolean;
  onCopyLink: () => void;
  onReset: () => void;
  onDelete: () => Promise<string | null>;
  onClose: () => void;
}

/** The question that is being answered, how, and what the answer does not say. */
export function PresetNote({ preset, changed, onCopyLink, onReset, onDelete, onClose }: Props) {
  const [sure, setSure] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  return (
    <section className="preset-note" aria-label="Preset" data-testid="preset-note">
      <div>
        <h2>
          {visible(preset.question)} {changed && <span className="chip">Changed</span>}
        </h2>
        {preset.explanation && <p className="t2">{visible(preset.explanation)}</p>}
        {problem && (
          <p className="deny-ink" role="alert">
            {problem}
          </p>
        )}
      </div>
      <div className="preset-tools">
        {changed && (
          <button type="button" className="button small" onClick={onReset}>
            As it was
          </button>
        )}
        <button type="button" className="button small" onClick={onCopyLink} data-testid="preset-link">
          <IconLink size={14} stroke={1.75} aria-hidden />
          Copy link
        </button>
        {preset.editable && !preset.builtin && (
          <button
            type="button"
            className="button small"
            data-testid="preset-delete"
            onClick={async () => (sure ? setProblem(await onDelete()) : setSure(true))}
            onBlur={() => setSure(false)}
          >
            <IconTrash size={14} stroke={1.75} aria-hidden />
            {sure ? `Delete “${visible(preset.title)}”` : 'Delete'}
          </button>
        )}
        <button
          type="button"
          className="icon-button small"
          aria-label="Leave the preset"
          title="Leave the preset, keep the filter"
          onClick={onClose}
        >
          <IconX size={15} stroke={1.75} aria-hidden />
        </button>
      </div>
    </section>
  );
}
