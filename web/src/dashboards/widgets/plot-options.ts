import type { RefObject } from 'react';
import type uPlot from 'uplot';
import { clock, clockMinutes, day } from '../../domain/units';
import type { Unit } from '../document';
import type { Plot } from '../series';
import { briefly } from '../values';

/** What a pointer does to a plot. */
export interface Pointing {
  at: (bucket: number | null) => void;
  pick: (bucket: number, value: number) => void;
  range: (from: number, to: number) => void;
  /** How much taller than true what hangs is drawn. */
  boost: number;
}

/** One crosshair for all plots of a page. */
const TOGETHER = 'dashboard';
export const DASHES: readonly number[][] = [[], [6, 3], [2, 3], [8, 3, 2, 3]];
const FONT = "10px 'Inter Variable', system-ui, sans-serif";
/** Pixels that a pointer may move in a click. */
const STILL = 4;

export function optionsFor(
  plot: Plot,
  unit: Unit,
  size: { width: number; height: number },
  style: CSSStyleDeclaration,
  pointing: RefObject<Pointing>,
): uPlot.Options {
  const colour = (role: string) => style.getPropertyValue(`--${role}`).trim();
  const grid = { stroke: colour('l1'), width: 1 };
  const axis = { stroke: colour('t3'), font: FONT, grid, ticks: { show: false } };
  return {
    ...size,
    padding: [8, 14, 0, 0], // half a tick's word fits behind the last tick
    legend: { show: false },
    scales: { x: { time: true }, y: { range: fromZero } },
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 22,
        space: 80,
        values: (_, ticks) => ticks.map(timeWord(ticks)),
      },
      {
        ...axis,
        size: 56,
        space: 30,
        values: (_, ticks) =>
          ticks.map((tick) => briefly(tick < 0 ? -tick / pointing.current.boost : tick, unit)),
      },
    ],
    series: [{}, ...plot.series.map((series, at) => drawn(plot, series, at, colour))],
    bands: plot.stacked ? bandsOf(plot, colour) : [],
    cursor: {
      sync: { key: TOGETHER, setSeries: false },
      drag: { x: true, y: false, setScale: false, dist: STILL },
      points: { show: !plot.stacked, size: 6 },
      x: true,
      y: false,
    },
    hooks: {
      setCursor: [(u) => pointing.current.at(u.cursor.idx ?? null)],
      setSelect: [
        (u) => {
          const { left, width } = u.select;
          if (width < STILL) return;
          pointing.current.range(u.posToVal(left, 'x') * 1000, u.posToVal(left + width, 'x') * 1000);
          u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        },
      ],
      ready: [
        (u) => {
          let down: [number, number] = [0, 0];
          u.over.addEventListener('mousedown', ({ clientX, clientY }) => {
            down = [clientX, clientY];
          });
          u.over.addEventListener('click', ({ clientX, clientY }) => {
            const idx = u.cursor.idx;
            if (Math.hypot(clientX - down[0], clientY - down[1]) > STILL || idx === null || idx === undefined)
              return;
            pointing.current.pick(idx, u.posToVal(clientY - u.over.getBoundingClientRect().top, 'y'));
          });
        },
      ],
    },
  };
}

function drawn(plot: Plot, series: Plot['series'][number], at: number, colour: (role: string) => string) {
  const stroke = colour(series.tone);
  const first = plot.series.findIndex(({ down }) => down === series.down) === at;
  const filled = plot.stacked && first;
  return {
    label: series.name,
    stroke,
    width: plot.stacked ? 1 : 1.5,
    dash: plot.stacked ? [] : [...(DASHES[at % DASHES.length] ?? [])],
    spanGaps: false,
    points: { show: true, size: 4, filter: (u: uPlot, at: number) => lonely(u.data[at] ?? []) },
    ...(filled ? { fill: `${stroke}66` } : {}),
    ...(!plot.stacked && plot.series.length === 1 ? { fill: `${stroke}26` } : {}),
  };
}

/** Between a series and the one that it stands on. */
function bandsOf(plot: Plot, colour: (role: string) => string): uPlot.Band[] {
  return plot.series.flatMap((series, at) => {
    const below = plot.series.slice(0, at).findLastIndex(({ down }) => down === series.down);
    if (below < 0) return [];
    const pair: [number, number] = series.down ? [below + 1, at + 1] : [at + 1, below + 1];
    return [{ series: pair, fill: `${colour(series.tone)}66` }];
  });
}

/** Values between gaps, which no line would show. */
function lonely(values: ArrayLike<number | null | undefined>): number[] {
  const none = (at: number) => values[at] === null || values[at] === undefined;
  return Array.from(values, (_, at) => at).filter((at) => !none(at) && none(at - 1) && none(at + 1));
}

/** Volumes start at 0, so that twice as high is twice as much. */
function fromZero(_: uPlot, low: number | null, high: number | null): [number, number] {
  const top = Math.max(0, high ?? 0);
  const bottom = Math.min(0, low ?? 0);
  const room = (top - bottom || 1) * 0.06;
  return [bottom < 0 ? bottom - room : 0, top > 0 || bottom === 0 ? (top || 1) + room : 0];
}

function timeWord(ticks: number[]): (tick: number) => string {
  const step = (ticks[1] ?? 0) - (ticks[0] ?? 0);
  const wide = (ticks.at(-1) ?? 0) - (ticks[0] ?? 0) > 86_400;
  return (tick) => {
    const moment = tick * 1000;
    if (step >= 86_400 || (wide && moment % 86_400_000 === 0)) return day(moment).slice(5);
    return step < 60 ? clock(moment) : clockMinutes(moment);
  };
}
