import { IconZoomOut } from '@tabler/icons-react';
import { useRef } from 'react';
import { KINDS } from '../domain/log-kinds';
import { type AskedRange, isoSeconds, resolveRange, widened } from '../domain/time';
import { clock, clockMinutes, day, exact, plural, span } from '../domain/units';
import { useCanvasSize } from '../graph/use-canvas-size';
import { ticks } from '../scrubber/bars';
import { useBrush } from '../scrubber/use-brush';
import { Bars } from './Bars';
import { splitBy } from './bands';
import { useHistogram } from './use-histogram';
import type { Question } from './use-question';

interface Props {
  question: Question;
  total: string | null;
  onRange: (range: AskedRange) => void;
}

export const PLOT = 64;

/** When the records were, coloured by how they ended. A drag over it is the next range. */
export function Histogram({ question, total, onRange }: Props) {
  const { kind, range } = question;
  const { shown, problem } = useHistogram(question);
  const box = useRef<HTMLDivElement>(null);
  const { width } = useCanvasSize(box);
  const now = Date.now();
  const { from, to } = shown ?? resolveRange(range, now);
  const x = (moment: number) => ((moment - from) / (to - from)) * width;
  const at = (px: number) => from + (px / Math.max(1, width)) * (to - from);
  const brush = useBrush({
    box,
    at,
    from,
    to,
    now,
    whole: true,
    onRange: (a, b) => onRange({ from: isoSeconds(a), to: isoSeconds(b) }),
  });
  const window = brush.window ?? { from, to };
  const far = to - from > 2 * 86_400_000;
  return (
    <section className="log-histogram" aria-label="Records over time" data-testid="log-histogram">
      <header>
        <p role="status" data-testid="match-count">
          {total !== null && (
            <>
              <span className="strong num">{exact(total)}</span>{' '}
              <span className="t2">
                {Number(total) === 1 ? KINDS[kind].one : KINDS[kind].many} match
                {shown && `, ${span(shown.interval)} a bar`}
              </span>
            </>
          )}
        </p>
        <ul className="band-legend" aria-label={splitBy(kind)}>
          {shown?.bands.map((band) => (
            <li key={band.label}>
              <svg width="10" height="10" aria-hidden="true">
                <rect width="10" height="10" rx="2" fill={`var(--${band.tone})`} />
                {band.hatched && <path d="M-1 7 7 -1M3 11 11 3" stroke="var(--app)" strokeWidth="1.6" />}
              </svg>
              {band.label} <span className="num t2">{exact(band.total)}</span>
            </li>
          ))}
        </ul>
        <button
          type="button"
          className="icon-button small"
          aria-label="Zoom out: twice the range"
          title="Zoom out: twice the range"
          data-testid="zoom-out"
          onClick={() => onRange(widened(range, Date.now()))}
        >
          <IconZoomOut size={15} stroke={1.75} aria-hidden />
        </button>
      </header>
      <div className="log-plot" ref={box} {...brush.handlers} data-testid="log-plot">
        {brush.window && (
          <>
            <div className="brush" style={{ left: x(window.from), width: x(window.to) - x(window.from) }} />
            <p className="log-brush-words">
              {clock(window.from)} – {clock(window.to)}
            </p>
          </>
        )}
        {shown && <Bars shown={shown} kind={kind} x={x} width={width} inside={window} />}
        {(['from', 'to'] as const).map((end) => (
          <span
            key={end}
            role="slider"
            tabIndex={0}
            className={`plot-end plot-${end}`}
            aria-label={end === 'from' ? 'Start of the range' : 'End of the range'}
            aria-valuemin={Math.round(from / 1000)}
            aria-valuemax={Math.round(to / 1000)}
            aria-valuenow={Math.round(window[end] / 1000)}
            aria-valuetext={`${clock(window[end])} UTC`}
            {...brush.handleProps(end)}
          />
        ))}
        <div className="scrubber-axis" aria-hidden>
          {width > 0 &&
            ticks(from, to, width).map((tick) => (
              <span key={tick} style={{ left: x(tick) }}>
                {far ? day(tick).slice(5) : clockMinutes(tick)}
              </span>
            ))}
        </div>
        {problem && !problem.isFilter && (
          <p className="scrubber-problem">The histogram did not answer: {problem.message}</p>
        )}
        {shown && shown.bands.length === 0 && (
          <p className="plot-empty t3">
            No {plural(2, KINDS[kind].one, KINDS[kind].many).slice(2)} in this range.
          </p>
        )}
      </div>
    </section>
  );
}
