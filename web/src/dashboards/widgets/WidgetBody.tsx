import { IconRefresh } from '@tabler/icons-react';
import { lazy, Suspense } from 'react';
import { spanOf } from '../../domain/time';
import { clock } from '../../domain/units';
import { useBoard } from '../context';
import type { Widget, WidgetKind } from '../document';
import type { WidgetState } from '../feed';
import { addsUp } from '../values';
import { BarsView } from './BarsView';
import { HeatView } from './HeatView';
import { NumberView } from './NumberView';
import { PieView } from './PieView';
import { TableView } from './TableView';

// uPlot comes only with the first plot.
const SeriesView = lazy(() => import('./SeriesView').then(({ SeriesView: view }) => ({ default: view })));

interface Props {
  widget: Widget;
  state: WidgetState;
  asTable: boolean;
  onRetry: () => void;
}

/** What a widget shows, whatever state its answer is in. */
export function WidgetBody({ widget, state, asTable, onRetry }: Props) {
  const { answers, problem, current } = state;
  const main = answers?.main;
  const empty =
    main && !main.rows.length && !main.other.length && (widget.kind !== 'number' || !sums(widget));
  const estimated = isEstimated(state);
  return (
    <div
      className="widget-body"
      data-stale={(main && (!current || problem !== null)) || undefined}
      aria-busy={state.waiting && !main}
    >
      {problem && (
        <p className="widget-problem" role="alert" data-testid="widget-problem">
          <span>
            {problem.message}
            {main && ` Shown is what was there at ${clock(state.answeredAt)}.`}
          </span>
          <button type="button" className="button small" onClick={onRetry}>
            <IconRefresh size={13} stroke={1.75} aria-hidden />
            Try again
          </button>
        </p>
      )}
      {!main && !problem && <Waiting kind={widget.kind} />}
      {empty && <Empty />}
      {main && answers && !empty && (
        <Suspense fallback={<Waiting kind={widget.kind} />}>
          {asTable || widget.kind === 'table' ? (
            <TableView widget={widget} answer={main} estimated={estimated} />
          ) : widget.kind === 'number' ? (
            <NumberView widget={widget} answers={answers} estimated={estimated} />
          ) : widget.kind === 'timeseries' ? (
            <SeriesView widget={widget} answer={main} estimated={estimated} />
          ) : widget.kind === 'bars' ? (
            <BarsView widget={widget} answer={main} estimated={estimated} />
          ) : widget.kind === 'pie' ? (
            <PieView widget={widget} answer={main} estimated={estimated} />
          ) : (
            <HeatView widget={widget} answer={main} />
          )}
        </Suspense>
      )}
    </div>
  );
}

const sums = (widget: Widget) => widget.query.metrics.every(addsUp);

/** Whether sampled records are among those that the volumes come from. */
export function isEstimated({ answers }: WidgetState): boolean {
  return (answers?.sampled?.rows[0]?.values[0] ?? 0) > 0 || Boolean(answers?.main?.approximate);
}

const BLOCKS: Record<WidgetKind, number> = {
  number: 2,
  timeseries: 1,
  bars: 5,
  table: 6,
  pie: 4,
  heatmap: 1,
};

/** The place of what is on its way. It only shows after a moment, so that quick answers do not flicker. */
function Waiting({ kind }: { kind: WidgetKind }) {
  return (
    <div className="widget-waiting" data-kind={kind} data-testid="widget-waiting">
      {Array.from({ length: BLOCKS[kind] }, (_, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: blocks that never change
        <span key={at} className="skeleton" />
      ))}
      <span className="visually-hidden">Waiting for the answer</span>
    </div>
  );
}

const DAY = 86_400_000;

/** Nothing there, and where there may be something. */
function Empty() {
  const { scope, onRange } = useBoard();
  const short = spanOf(scope.range, Date.now()) < DAY;
  return (
    <div className="widget-empty t3">
      <p>No records in this range.</p>
      {short && (
        <button
          type="button"
          className="button small"
          onClick={() => onRange({ from: 'now-24h', to: 'now' })}
        >
          Show the last 24 h
        </button>
      )}
    </div>
  );
}
