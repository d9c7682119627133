/** What a plot over time draws: its lines, their order in a stack, and which of them a pointer means. */
import { type Answer, secondsOf } from './answer';
import { groupsOf, metricWord, unitOf, type Widget } from './document';
import { hangs, REST, tonesOf } from './tones';
import { addsUp, groupsWord, perSecond } from './values';

export interface Series {
  id: string;
  name: string;
  tone: string;
  /** Of its group; undefined for a metric without groups and for the rest. */
  keys: (string | null)[] | undefined;
  values: (number | null)[];
  /** Hangs below the axis. */
  down: boolean;
}

export interface Plot {
  starts: number[];
  series: Series[];
  stacked: boolean;
  /** How much taller than true what hangs is drawn: it is what is looked for, even when it is rare. */
  boost: number;
}

export function plotOf(widget: Widget, answer: Answer): Plot {
  const { query } = widget;
  const fields = groupsOf(query);
  const sums = query.metrics.every(addsUp);
  // A bucket without records is 0 of what adds up, and a gap in what does not.
  const blank = () => answer.starts.map(() => (sums ? 0 : null) as number | null);
  const valued = (metric: number, values: (number | null)[], bucket: number | null) => {
    const asked = query.metrics[metric];
    return asked
      ? perSecond(values[metric] ?? null, unitOf(widget, asked), asked, secondsOf(answer, bucket))
      : null;
  };
  const series: Series[] = [];
  if (!fields.length) {
    query.metrics.forEach((metric, at) => {
      const values = blank();
      for (const row of answer.rows)
        if (row.bucket !== null) values[row.bucket] = valued(at, row.values, row.bucket);
      const id = `${at}`;
      series.push({
        id,
        name: metricWord(metric),
        tone: at ? `c${at}` : 'edge',
        keys: undefined,
        values,
        down: false,
      });
    });
    return { starts: answer.starts, series, stacked: false, boost: 1 };
  }
  const known = new Map<string, Series>();
  for (const row of answer.rows) {
    const id = JSON.stringify(row.keys);
    let one = known.get(id);
    if (!one) {
      const key = row.keys[0];
      one = {
        id,
        name: groupsWord(row.keys, fields, query.kind),
        tone: REST,
        keys: row.keys,
        values: blank(),
        down: sums && hangs(fields[0], key),
      };
      known.set(id, one);
    }
    if (row.bucket !== null) one.values[row.bucket] = valued(0, row.values, row.bucket);
  }
  const all = [...known.values()];
  const tones = tonesOf(
    fields.length > 1 ? undefined : fields[0],
    all.map(({ keys }) => (fields.length > 1 ? 'several' : (keys?.[0] ?? null))),
  );
  series.push(...all.map((one, at) => ({ ...one, tone: tones[at] ?? REST })));
  if (sums && answer.other.length) {
    const values = blank();
    for (const row of answer.other)
      if (row.bucket !== null) values[row.bucket] = valued(0, row.values, row.bucket);
    series.push({ id: 'rest', name: 'All others', tone: REST, keys: undefined, values, down: false });
  }
  return { starts: answer.starts, series, stacked: sums, boost: boostFor(answer.starts, series) };
}

const LEAST = 1 / 3;

/** So that what hangs is at least a third as tall as what rises. */
function boostFor(starts: readonly number[], series: readonly Series[]): number {
  const tallest = (down: boolean) =>
    Math.max(
      0,
      ...starts.map((_, at) =>
        series.reduce((sum, one) => (one.down === down ? sum + (one.values[at] ?? 0) : sum), 0),
      ),
    );
  const [rising, hanging] = [tallest(false), tallest(true)];
  return hanging > 0 ? Math.max(1, (rising * LEAST) / hanging) : 1;
}

/** Heights as drawn: in a stack each stands on those before it, upwards or hanging. */
export function heights(plot: Plot): (number | null)[][] {
  if (!plot.stacked) return plot.series.map(({ values }) => values);
  const up = plot.starts.map(() => 0);
  const down = plot.starts.map(() => 0);
  return plot.series.map((series) => {
    const base = series.down ? down : up;
    return series.values.map((value, at) => {
      base[at] = (base[at] ?? 0) + (series.down ? -(value ?? 0) * plot.boost : (value ?? 0));
      return base[at] ?? 0;
    });
  });
}

/** The series under a pointer: the band it is in, or the line it is nearest to. */
export function seriesAt(plot: Plot, drawn: (number | null)[][], at: number, height: number): Series | null {
  let best: { series: Series; far: number } | null = null;
  for (const [index, series] of plot.series.entries()) {
    const top = drawn[index]?.[at];
    if (top === null || top === undefined || !series.values[at]) continue;
    const inBand = plot.stacked && (series.down ? height < 0 && height >= top : height >= 0 && height <= top);
    const far = inBand ? -1 : Math.abs(height - top);
    if (!best || (inBand ? best.far !== -1 : far < best.far && best.far !== -1)) best = { series, far };
  }
  return best?.series ?? null;
}
