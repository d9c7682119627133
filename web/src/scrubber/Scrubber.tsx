import './scrubber.css';
import {
  IconPlayerPause,
  IconPlayerPlay,
  IconPlayerSkipBack,
  IconPlayerTrackNext,
} from '@tabler/icons-react';
import { memo, useMemo, useRef } from 'react';
import { HistogramDocument } from '../api/flows';
import { useAsk } from '../api/use-ask';
import type { Alert } from '../domain/alert';
import { type AskedRange, isLive, isoSeconds, resolveRange, step } from '../domain/time';
import { clock, clockMinutes, day } from '../domain/units';
import { useCanvasSize } from '../graph/use-canvas-size';
import { useLiveToggle } from '../shell/use-live-toggle';
import { useNow } from '../shell/use-now';
import { Bars } from './Bars';
import { bucketsOf, intervalFor, ticks, windowAround } from './bars';
import { Marks } from './Marks';
import { useBrush } from './use-brush';
import { type OnRange, usePlay } from './use-play';

interface Props {
  range: AskedRange;
  /** The range that the page compares with, if it does. */
  compared?: { from: string; to: string } | null;
  /** Whether the page shows this range, so that a play may go on. */
  ready?: boolean;
  clusters: string[] | null;
  filter: string | null;
  alerts: readonly Alert[];
  onRange: OnRange;
  onAlert: (alert: Alert) => void;
}

export const PLOT = 52;

/** The strip of time below the graph: what flowed when, what was alerted when, and the window asked for. */
export const Scrubber = memo(function Scrubber({
  range,
  compared,
  ready = true,
  clusters,
  filter,
  alerts,
  onRange,
  onAlert,
}: Props) {
  const live = isLive(range);
  const now = useNow(live ? 1000 : 15_000);
  const box = useRef<HTMLDivElement>(null);
  const { width } = useCanvasSize(box);
  const { from, to } = resolveRange(range, now);
  const shown = windowAround(from, to, now);
  const interval = intervalFor(shown.to - shown.from, 170);

  // Asked for whole buckets, so that the question only changes when a bucket has ended.
  const step0 = interval * 1000;
  const [askFrom, askTo] = [Math.floor(shown.from / step0) * step0, Math.ceil(shown.to / step0) * step0];
  const clusterKey = clusters?.join() ?? '';
  const variables = useMemo(
    () => ({
      range: { from: isoSeconds(askFrom), to: isoSeconds(askTo) },
      clusters: clusterKey ? clusterKey.split(',') : null,
      filter,
      interval,
    }),
    [askFrom, askTo, clusterKey, filter, interval],
  );
  const { data, problem } = useAsk(HistogramDocument, variables, live ? 5000 : 0);
  const buckets = useMemo(() => (data ? bucketsOf(data.histogram) : []), [data]);

  const x = (moment: number) => ((moment - shown.from) / (shown.to - shown.from)) * width;
  const at = (px: number) => shown.from + (px / Math.max(1, width)) * (shown.to - shown.from);
  const toggleLive = useLiveToggle();
  const brush = useBrush({
    box,
    at,
    from,
    to,
    now,
    onRange: (a, b) => onRange({ from: isoSeconds(a), to: isoSeconds(b) }),
  });
  const play = usePlay(range, ready, onRange);
  const window = brush.window ?? { from, to };
  const [left, right] = [x(window.from), x(window.to)];
  const far = shown.to - shown.from > 2 * 86_400_000;

  return (
    <section className="scrubber" aria-label="Time" data-testid="scrubber">
      <div className="scrubber-buttons">
        <button
          type="button"
          className="icon-button small"
          aria-label="Step back"
          title="Step back (,)"
          onClick={() => onRange(step(range, -1, Date.now()))}
        >
          <IconPlayerSkipBack size={15} stroke={1.75} aria-hidden />
        </button>
        <button
          type="button"
          className="icon-button small"
          aria-label="Step forward"
          title="Step forward (.)"
          onClick={() => onRange(step(range, 1, Date.now()))}
        >
          <IconPlayerTrackNext size={15} stroke={1.75} aria-hidden />
        </button>
        <button
          type="button"
          className="icon-button small"
          aria-label={play.on ? 'Pause the play' : 'Play from here'}
          aria-pressed={play.on}
          title={play.on ? 'Pause (P)' : 'Play from here (P)'}
          onClick={play.toggle}
          data-testid="scrubber-play"
        >
          {play.on ? (
            <IconPlayerPause size={15} stroke={1.75} aria-hidden />
          ) : (
            <IconPlayerPlay size={15} stroke={1.75} aria-hidden />
          )}
        </button>
        <button
          type="button"
          className={`chip ${live ? 'brand' : ''}`}
          onClick={toggleLive}
          data-testid="scrubber-live"
        >
          {live ? 'Following live' : 'Follow live'}
        </button>
      </div>
      <div className="scrubber-plot" ref={box} {...brush.handlers} data-testid="scrubber-plot">
        {compared && (
          <Compared from={x(Date.parse(compared.from))} to={x(Date.parse(compared.to))} width={width} />
        )}
        <div className="brush" style={{ left, width: Math.max(2, right - left) }}>
          {(['from', 'to'] as const).map((end) => (
            <span
              key={end}
              role="slider"
              tabIndex={0}
              className={`brush-handle brush-${end}`}
              aria-label={end === 'from' ? 'Start of the range' : 'End of the range'}
              aria-valuemin={Math.round(shown.from / 1000)}
              aria-valuemax={Math.round(shown.to / 1000)}
              aria-valuenow={Math.round(window[end] / 1000)}
              aria-valuetext={`${clock(window[end])} UTC`}
              {...brush.handleProps(end)}
            />
          ))}
        </div>
        <Bars buckets={buckets} interval={interval} x={x} width={width} inside={window} />
        <Marks alerts={alerts} from={shown.from} to={shown.to} x={x} width={width} onAlert={onAlert} />
        <div className="scrubber-axis" aria-hidden>
          {width > 0 &&
            ticks(shown.from, shown.to, width).map((tick) => (
              <span key={tick} style={{ left: x(tick) }}>
                {far ? day(tick).slice(5) : clockMinutes(tick)}
              </span>
            ))}
        </div>
        {problem && <p className="scrubber-problem">The histogram did not answer: {problem.message}</p>}
      </div>
    </section>
  );
});

/** Hatched, so that it is told from the range by more than its colour. */
function Compared({ from, to, width }: { from: number; to: number; width: number }) {
  const [left, right] = [Math.max(0, from), Math.min(width, to)];
  return right > left ? (
    <span className="compared-window" style={{ left, width: right - left }} aria-hidden />
  ) : null;
}
