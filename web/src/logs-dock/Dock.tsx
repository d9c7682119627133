import { IconChevronDown, IconChevronUp, IconFilter, IconX } from '@tabler/icons-react';
import { memo, type ReactNode, useEffect, useState } from 'react';
import { type AskedRange, isLive } from '../domain/time';
import { exact } from '../domain/units';
import { FlowTable } from './FlowTable';
import { useDockHeight } from './use-dock-height';
import { useFlows } from './use-flows';

interface Props {
  range: AskedRange;
  clusters: string[] | null;
  filter: string | null;
  /** Words for what is selected; null where everything is listed. */
  selection: string | null;
  onClearSelection: () => void;
  onPickEdge: (id: string) => void;
  /** What else the dock tells: which of it is shown, and captures; null where there are flows alone. */
  captures?: { shown: boolean; onTab: (shown: boolean) => void; pane: ReactNode } | null;
}

const EVERY = 5000;

/** The flow records behind the graph, filtered by what is selected in it. */
export const Dock = memo(function Dock({
  range,
  clusters,
  filter,
  selection,
  onClearSelection,
  onPickEdge,
  captures = null,
}: Props) {
  const { height, open, toggle, grip } = useDockHeight();
  const [scrolled, setScrolled] = useState(false);
  const { from, to } = range;
  const aside = captures?.shown ?? false;
  const telling = open && !aside;
  const flows = useFlows(telling ? { range: { from, to }, clusters, filter } : null);
  const { refresh } = flows;
  const live = isLive(range);

  // New rows come by themselves only while the newest are in sight; nobody's place is moved.
  useEffect(() => {
    if (!live || !telling || scrolled) return;
    const timer = setInterval(() => document.visibilityState !== 'hidden' && refresh(), EVERY);
    return () => clearInterval(timer);
  }, [live, telling, scrolled, refresh]);

  const count = flows.current && !aside && (
    <span className="t3 num">
      {exact(flows.rows.length)}
      {flows.more ? '+' : ''}
    </span>
  );
  return (
    <section
      className="dock"
      aria-label={aside ? 'Captures' : 'Flows'}
      style={{ height: open ? height : 34 }}
      data-testid="dock"
    >
      {open && <hr className="dock-grip" {...grip} />}
      <header className="dock-head">
        {captures ? (
          <fieldset className="segments dock-tabs" aria-label="What the dock tells">
            <button type="button" aria-pressed={!aside} onClick={() => captures.onTab(false)}>
              Flows {count}
            </button>
            <button
              type="button"
              aria-pressed={aside}
              onClick={() => captures.onTab(true)}
              data-testid="dock-captures"
            >
              Captures
            </button>
          </fieldset>
        ) : (
          <h2>Flows {count}</h2>
        )}
        {selection && !aside && (
          <button
            type="button"
            className="chip brand"
            onClick={onClearSelection}
            data-testid="selection-chip"
            title="Show all flows"
          >
            <IconFilter size={12} stroke={2} aria-hidden />
            Selection: {selection}
            <IconX size={12} stroke={2} aria-label="remove" />
          </button>
        )}
        <span className="top-space" />
        {scrolled && live && telling && (
          <button type="button" className="chip brand" onClick={refresh}>
            Show the newest
          </button>
        )}
        {!aside && <span className="t3 small-text wide-only">Newest first, each side's own report</span>}
        <button
          type="button"
          className="icon-button small"
          onClick={toggle}
          aria-expanded={open}
          aria-label={`${open ? 'Fold' : 'Unfold'} the ${aside ? 'captures' : 'flows'}`}
        >
          {open ? (
            <IconChevronDown size={16} stroke={1.75} aria-hidden />
          ) : (
            <IconChevronUp size={16} stroke={1.75} aria-hidden />
          )}
        </button>
      </header>
      {open && aside && captures?.pane}
      {telling && flows.problem?.isFilter && (
        <p className="dock-note t2">Mend the filter to see its flows. These are the ones from before.</p>
      )}
      {telling && flows.problem && !flows.problem.isFilter && (
        <p className="dock-note warn-ink" role="alert">
          The flows did not answer: {flows.problem.message}{' '}
          <button type="button" className="button small" onClick={refresh}>
            Try again
          </button>
        </p>
      )}
      {telling && flows.current && flows.rows.length === 0 && !flows.problem && (
        <p className="dock-note t2">No flow records match this selection in this range.</p>
      )}
      {telling && !(flows.current && flows.rows.length === 0) && (
        <div className="dock-table">
          <FlowTable
            rows={flows.rows}
            waiting={!flows.current}
            more={flows.more}
            onMore={flows.fetchMore}
            onPick={(row) => onPickEdge(row.edgeId)}
            onScrolled={setScrolled}
          />
        </div>
      )}
    </section>
  );
});
