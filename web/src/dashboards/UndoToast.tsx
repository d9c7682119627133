import { IconArrowBackUp, IconX } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { visible } from '../domain/names';
import type { Work } from './use-editing';

const SHOWN = 12_000;

/** After a removal: what was removed, and the way back. */
export function UndoToast({ work }: { work: Work }) {
  const last = work.history.past.at(-1);
  const [closed, setClosed] = useState<object | null>(null);
  const removal = last?.did.startsWith('Remove ') && last !== closed ? last : null;
  useEffect(() => {
    if (!removal) return;
    const timer = setTimeout(() => setClosed(removal), SHOWN);
    return () => clearTimeout(timer);
  }, [removal]);
  if (!removal) return null;
  return (
    <div className="toast" role="status" data-testid="undo-toast">
      <span>“{visible(removal.did.slice('Remove '.length))}” is removed.</span>
      <button type="button" className="button small" onClick={work.undo} data-testid="undo-removal">
        <IconArrowBackUp size={14} stroke={1.75} aria-hidden />
        Undo
      </button>
      <button
        type="button"
        className="icon-button small"
        aria-label="Close"
        onClick={() => setClosed(removal)}
      >
        <IconX size={14} stroke={1.75} aria-hidden />
      </button>
    </div>
  );
}
