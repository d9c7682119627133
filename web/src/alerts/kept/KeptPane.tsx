import { IconX } from '@tabler/icons-react';
import { type ReactNode, useEffect, useRef } from 'react';
import { visible } from '../../domain/names';

interface Props {
  /** What it is of, in one word: `rule`, `target`, `feed`. */
  one: string;
  /** As it was written; null for a new one. */
  title: string | null;
  children: ReactNode;
  onClose: () => void;
}

/** One thing that is kept, beside the table of all. */
export function KeptPane({ one, title, children, onClose }: Props) {
  const pane = useRef<HTMLElement>(null);
  useEffect(() => {
    // Where what had the focus is gone, such as the button that added this one, it goes on here.
    if (document.activeElement === document.body) pane.current?.focus();
  }, []);
  const shown = title === null ? `New ${one}` : visible(title);
  return (
    <section
      ref={pane}
      tabIndex={-1}
      className="kept-pane"
      aria-label={`${one[0]?.toUpperCase()}${one.slice(1)}: ${shown}`}
      data-testid={`${one}-pane`}
    >
      <header>
        <h2 className="cut">{shown}</h2>
        <button type="button" className="icon-button small" aria-label={`Close the ${one}`} onClick={onClose}>
          <IconX size={15} stroke={1.75} aria-hidden />
        </button>
      </header>
      <div className="kept-body">{children}</div>
    </section>
  );
}
