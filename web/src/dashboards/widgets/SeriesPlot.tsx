import 'uplot/dist/uPlot.min.css';
import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import { useCanvasSize } from '../../graph/use-canvas-size';
import { useHighContrast } from '../../theme/contrast-setting';
import type { Answer } from '../answer';
import type { Unit } from '../document';
import { heights, type Plot, seriesAt } from '../series';
import { optionsFor, type Pointing } from './plot-options';

interface Props {
  plot: Plot;
  answer: Answer;
  unit: Unit;
  label: string;
  onAt: (bucket: number | null) => void;
  onPick: (bucket: number, keys: (string | null)[] | undefined) => void;
  onRange: (from: number, to: number) => void;
}

/** The canvas of a plot. It is drawn anew when its shape changes, and only fed when its numbers do. */
export function SeriesPlot({ plot, answer, unit, label, onAt, onPick, onRange }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const drawn = useRef<uPlot | null>(null);
  const { width, height } = useCanvasSize(box);
  const scheme = useComputedColorScheme('dark');
  const contrast = useHighContrast();
  const shape = JSON.stringify([
    plot.stacked,
    plot.series.map(({ id, tone, down }) => [id, tone, down]),
    unit,
    scheme,
    contrast,
  ]);
  const pointing = useRef<Pointing>({ at: () => {}, pick: () => {}, range: () => {}, boost: 1 });
  pointing.current = {
    at: onAt,
    pick: (bucket, value) => {
      const series = seriesAt(plot, heights(plot), bucket, value);
      onPick(bucket, series?.keys);
    },
    range: onRange,
    boost: plot.boost,
  };
  const data = useRef<uPlot.AlignedData>([[]]);
  data.current = [plot.starts.map((start) => start / 1000), ...heights(plot)] as uPlot.AlignedData;
  const sized = width > 0 && height > 0;

  // biome-ignore lint/correctness/useExhaustiveDependencies: `shape` stands for what of the plot is drawn
  useEffect(() => {
    if (!sized || !box.current) return;
    const size = { width: box.current.clientWidth, height: box.current.clientHeight };
    const options = optionsFor(plot, unit, size, getComputedStyle(box.current), pointing);
    const tzDate = (seconds: number) => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC');
    const made = new uPlot({ ...options, tzDate }, data.current, box.current);
    drawn.current = made;
    return () => {
      made.destroy();
      drawn.current = null;
    };
  }, [shape, sized]);

  useEffect(() => {
    if (sized) drawn.current?.setSize({ width, height });
  }, [width, height, sized]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the numbers follow the plot
  useEffect(() => {
    drawn.current?.setData(data.current, false);
    drawn.current?.batch(() => {
      drawn.current?.setScale('x', { min: answer.from / 1000, max: answer.to / 1000 });
      drawn.current?.redraw();
    });
  }, [plot, answer]);

  return <div className="plot" ref={box} role="img" aria-label={label} data-testid="plot" />;
}
