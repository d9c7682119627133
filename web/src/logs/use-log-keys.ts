import { type RefObject, useEffect } from 'react';
import { isTyping } from '../shell/keys';
import { useLiveToggle } from '../shell/use-live-toggle';
import type { TableHandle } from './LogTable';

interface Input {
  table: RefObject<TableHandle | null>;
  opened: string | null;
  onClose: () => void;
}

/** Keys of the page wherever the focus is; the table's own are its grid's. */
export function useLogKeys({ table, opened, onClose }: Input): void {
  const toggleLive = useLiveToggle();
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (isTyping(event) || event.defaultPrevented) return;
      const key = event.key.toLowerCase();
      if (key === 'j' || key === 'k') table.current?.step(key === 'j' ? 1 : -1);
      else if (key === '/') document.querySelector<HTMLElement>('[data-testid="kql-input"]')?.focus();
      else if (key === 'l') toggleLive();
      else if (key === 'escape' && opened) onClose();
      else return;
      event.preventDefault();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [table, opened, onClose, toggleLive]);
}
