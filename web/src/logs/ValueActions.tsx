import { IconCopy, IconFilterMinus, IconFilterPlus } from '@tabler/icons-react';
import type { Actions } from './actions';

interface Props {
  /** What is meant, in words. */
  of: string;
  part: string | null;
  text: string;
  actions: Actions;
  /** Whether Tab comes by; in the table F, X and C do the same. */
  reachable: boolean;
}

/** Filter for a value, filter it out, copy it. */
export function ValueActions({ of, part, text, actions, reachable }: Props) {
  const tabIndex = reachable ? 0 : -1;
  const press = (act: () => void) => (event: React.MouseEvent) => {
    event.stopPropagation();
    act();
  };
  return (
    <span className="value-actions">
      {part !== null && (
        <>
          <button
            type="button"
            tabIndex={tabIndex}
            aria-label={`Filter for ${of}`}
            title="Filter for this value"
            data-testid="value-include"
            onClick={press(() => actions.include(part))}
          >
            <IconFilterPlus size={14} stroke={1.75} aria-hidden />
          </button>
          <button
            type="button"
            tabIndex={tabIndex}
            aria-label={`Filter out ${of}`}
            title="Filter this value out"
            data-testid="value-exclude"
            onClick={press(() => actions.exclude(part))}
          >
            <IconFilterMinus size={14} stroke={1.75} aria-hidden />
          </button>
        </>
      )}
      <button
        type="button"
        tabIndex={tabIndex}
        aria-label={`Copy ${of}`}
        title="Copy"
        data-testid="value-copy"
        onClick={press(() => actions.copy(text))}
      >
        <IconCopy size={14} stroke={1.75} aria-hidden />
      </button>
    </span>
  );
}
