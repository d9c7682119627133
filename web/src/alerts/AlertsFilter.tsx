import { IconSearch, IconX } from '@tabler/icons-react';
import { useState } from 'react';

interface Props {
  filter: string;
  /** Why it cannot be answered. */
  problem: string | null;
  onFilter: (filter: string) => void;
}

/** KQL over alerts, in force once it is entered. */
export function AlertsFilter({ filter, problem, onFilter }: Props) {
  const [was, setWas] = useState(filter);
  const [text, setText] = useState(filter);
  if (filter !== was) {
    setWas(filter);
    setText(filter);
  }
  return (
    <form
      className="alerts-filter"
      onSubmit={(event) => {
        event.preventDefault();
        onFilter(text.trim());
      }}
    >
      <IconSearch size={14} stroke={1.75} aria-hidden />
      <input
        className="text-field mono"
        aria-label="Filter alerts (KQL)"
        aria-invalid={problem ? true : undefined}
        placeholder="Filter alerts, such as technique : T1046"
        spellCheck={false}
        value={text}
        onChange={(event) => setText(event.target.value)}
        data-testid="alerts-filter"
      />
      {filter && (
        <button
          type="button"
          className="icon-button small"
          aria-label="Without this filter"
          onClick={() => onFilter('')}
          data-testid="alerts-unfilter"
        >
          <IconX size={14} stroke={1.75} aria-hidden />
        </button>
      )}
    </form>
  );
}
