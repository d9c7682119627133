import { IconGridDots } from '@tabler/icons-react';
import { useUrlState } from '../shell/use-url-state';
import { statusWord } from './TriageBar';
import type { Status } from './use-triage';

/** Null is whatever became of them. */
export type Tab = Status | null;
const TABS: readonly Tab[] = ['OPEN', 'ACKNOWLEDGED', 'DISMISSED', null];

const PAGES = [
  ['Rules', '/alerts/rules', 'to-rules'],
  ['Delivery', '/alerts/delivery', 'to-delivery'],
  ['Feeds', '/alerts/feeds', 'to-feeds'],
] as const;

interface Props {
  tab: Tab;
  /** Null where it is not known. */
  count: (tab: Tab) => number | null;
  /** Whether there are older ones that are not counted. */
  more: boolean;
  onTab: (tab: Tab) => void;
}

/** Which alerts are listed by what became of them, the matrix beside them, and the pages of what alerts need. */
export function AlertsTabs({ tab, count, more, onTab }: Props) {
  const [state, update] = useUrlState();
  return (
    <div className="alerts-tabs">
      <div className="segments">
        {TABS.map((each) => (
          <button key={each} type="button" aria-pressed={tab === each} onClick={() => onTab(each)}>
            {each === null ? 'All' : statusWord(each)}
            {count(each) !== null && (
              <span
                className="count"
                title={more ? 'Of those that are listed; there are older ones' : undefined}
              >
                {count(each)}
                {more && '+'}
              </span>
            )}
          </button>
        ))}
      </div>
      <span className="alerts-more">
        <button
          type="button"
          className="button small"
          aria-pressed={state.matrix}
          onClick={() => update({ matrix: !state.matrix, alert: null })}
          data-testid="to-matrix"
        >
          <IconGridDots size={14} stroke={1.75} aria-hidden />
          ATT&CK
        </button>
        {PAGES.map(([label, to, testId]) => (
          <button
            key={to}
            type="button"
            className="button small"
            onClick={() => update({}, { to })}
            data-testid={testId}
          >
            {label}
          </button>
        ))}
      </span>
    </div>
  );
}
