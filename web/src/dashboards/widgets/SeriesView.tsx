import { useNavigate } from '@tanstack/react-router';
import { type CSSProperties, useMemo, useState } from 'react';
import { isoSeconds } from '../../domain/time';
import { clock, day, span } from '../../domain/units';
import { type Answer, boundsOf, condensed } from '../answer';
import { targetOf, useBoard } from '../context';
import { unitOf, type Widget } from '../document';
import { type Plot, plotOf } from '../series';
import { briefly } from '../values';
import { SeriesPlot } from './SeriesPlot';

/** Lines or stacked areas over time, with a legend that hides and shows them. */
export function SeriesView({
  widget,
  answer: told,
  estimated,
}: {
  widget: Widget;
  answer: Answer;
  estimated: boolean;
}) {
  const answer = useMemo(() => condensed(told), [told]);
  const board = useBoard();
  const navigate = useNavigate();
  const plot = useMemo(() => plotOf(widget, answer), [widget, answer]);
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const [at, setAt] = useState<number | null>(null);
  const shown = useMemo<Plot>(
    () => ({ ...plot, series: plot.series.filter(({ id }) => !hidden.has(id)) }),
    [plot, hidden],
  );
  const unit = unitOf(widget);
  const toggle = (id: string) => {
    const next = new Set(hidden);
    if (!next.delete(id)) next.add(id);
    setHidden(next.size >= plot.series.length ? new Set() : next);
  };
  const only = (id: string) =>
    setHidden(
      new Set(plot.series.map((series) => series.id).filter((other) => other !== id && !hidden.has(other))),
    );
  const pick = (bucket: number, keys: (string | null)[] | undefined) => {
    navigate(targetOf(board, widget, { keys: keys ?? [], ...boundsOf(answer, bucket) }));
  };
  const moment = at === null ? null : plot.starts[at];
  return (
    <div className="series-view">
      <ul className="legend" aria-label="Series">
        {plot.series.map((series, place) => (
          <li key={series.id}>
            <button
              type="button"
              className="legend-item"
              aria-pressed={!hidden.has(series.id)}
              title={`${series.name}: click hides or shows it, Alt and click leaves it alone`}
              onClick={(event) => (event.altKey ? only(series.id) : toggle(series.id))}
            >
              <span
                className="swatch"
                data-line={plot.stacked ? undefined : place % 4}
                data-down={series.down || undefined}
                style={{ '--tone': `var(--${series.tone})` } as CSSProperties}
                aria-hidden
              />
              <span className="cut">
                {series.name}
                {series.down && plot.boost > 1 && <span className="t3"> (own scale)</span>}
              </span>
              {at !== null && (
                <span className="num t1">
                  {estimated && '~'}
                  {briefly(series.values[at] ?? null, unit)}
                </span>
              )}
            </button>
          </li>
        ))}
        <li className="legend-note t3 num">
          {moment === null || moment === undefined
            ? answer.interval && `${span(answer.interval * 1000)} buckets`
            : `${day(moment) === day(Date.now()) ? '' : `${day(moment).slice(5)} `}${clock(moment)}`}
        </li>
      </ul>
      <SeriesPlot
        plot={shown}
        answer={answer}
        unit={unit}
        label={`${widget.title} over time, ${plot.series.length} series. The table beside it says the same.`}
        onAt={setAt}
        onPick={pick}
        onRange={(from, to) => board.onRange({ from: isoSeconds(from), to: isoSeconds(to) })}
      />
    </div>
  );
}
