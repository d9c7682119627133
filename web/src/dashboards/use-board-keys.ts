import { useEffect } from 'react';
import { isTyping } from '../shell/keys';
import { useLiveToggle } from '../shell/use-live-toggle';
import type { Work } from './use-editing';

/** L follows or pauses; while editing, Ctrl Z undoes, Ctrl S saves and Escape closes the editor. */
export function useBoardKeys(work: Work): void {
  const toggleLive = useLiveToggle();
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const command = event.ctrlKey || event.metaKey;
      const field = (event.target as HTMLElement | null)?.closest('input, textarea, select');
      const key = event.key.toLowerCase();
      if (command && key === 's' && work.editing) {
        event.preventDefault();
        if (work.dirty && !work.saving) work.save();
      } else if (command && key === 'z' && work.editing && !field) {
        event.preventDefault();
        work.undo();
      } else if (event.key === 'Escape' && work.selected && !event.defaultPrevented) work.select(null);
      else if (key === 'l' && !isTyping(event)) toggleLive();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [work, toggleLive]);
}
