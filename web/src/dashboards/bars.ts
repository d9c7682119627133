/** Bars: a row for each first group, with its metrics side by side or its second groups one after the other. */
import { type Answer, secondsOf } from './answer';
import { groupsOf, metricWord, type Unit, unitOf, type Widget } from './document';
import { hasMeaning, REST, tonesOf } from './tones';
import { addsUp, groupWord, perSecond } from './values';

export interface Piece {
  name: string;
  tone: string;
  value: number;
}

export interface Bar {
  id: string;
  name: string;
  keys: (string | null)[];
  lines: Piece[][];
  /** Of each metric, or of all second groups together. */
  totals: (number | null)[];
  rest: boolean;
}

export interface Bars {
  bars: Bar[];
  /** Of each line of a row: what its full width stands for, and in which unit. */
  scales: { most: number; unit: Unit }[];
  legend: { name: string; tone: string }[];
}

export function barsOf(widget: Widget, answer: Answer): Bars {
  const { query } = widget;
  const [first = '', second] = groupsOf(query);
  const seconds = secondsOf(answer, null);
  // In pieces a bar has one measure: they would not add up otherwise.
  const metrics = second === undefined ? query.metrics : query.metrics.slice(0, 1);
  const units = metrics.map((metric) => unitOf(widget, metric));
  const valued = (values: (number | null)[]) =>
    metrics.map((metric, at) => perSecond(values[at] ?? null, units[at] ?? 'count', metric, seconds));
  const parts = second === undefined ? [] : [...new Set(answer.rows.map(({ keys }) => keys[1] ?? null))];
  const partTones = new Map(tonesOf(second, parts).map((tone, at) => [parts[at] ?? null, tone]));
  const own = tonesOf(
    first,
    answer.rows.map(({ keys }) => keys[0] ?? null),
  );

  const bars = new Map<string, Bar>();
  answer.rows.forEach((row, place) => {
    const id = JSON.stringify(row.keys[0] ?? null);
    const name = groupWord(row.keys[0], first, query.kind);
    const bar = bars.get(id) ?? { id, name, keys: row.keys.slice(0, 1), lines: [], totals: [], rest: false };
    bars.set(id, bar);
    const values = valued(row.values);
    if (second !== undefined) {
      const tone = partTones.get(row.keys[1] ?? null) ?? REST;
      const piece = { name: groupWord(row.keys[1], second, query.kind), tone, value: values[0] ?? 0 };
      bar.lines[0] = [...(bar.lines[0] ?? []), piece];
      bar.totals = [(bar.totals[0] ?? 0) + piece.value];
    } else {
      const tone = hasMeaning(first) || row.keys[0] === null ? (own[place] ?? 'edge') : 'edge';
      bar.lines = linesOf(metrics, values, (at) => (metrics.length > 1 ? metricTone(at) : tone));
      bar.totals = values;
    }
  });
  const all = [...bars.values()];
  // Rows come by what their pairs of groups amount to, which is not the order of the whole.
  if (second !== undefined) all.sort((one, other) => (other.totals[0] ?? 0) - (one.totals[0] ?? 0));
  const rest = answer.other[0];
  if (rest && query.metrics.every(addsUp)) {
    const totals = valued(rest.values);
    const lines = linesOf(metrics, totals, () => REST);
    all.push({ id: 'rest', name: 'All others', keys: [], lines, totals, rest: true });
  }
  return { bars: all, scales: scalesOf(all, units), legend: legendOf(widget, metrics, partTones) };
}

const metricTone = (at: number): string => (at ? `c${at}` : 'edge');

const linesOf = (
  metrics: Widget['query']['metrics'],
  values: (number | null)[],
  tone: (at: number) => string,
): Piece[][] =>
  metrics.map((metric, at) => [{ name: metricWord(metric), tone: tone(at), value: values[at] ?? 0 }]);

/** Lines of one unit share a scale, so that they can be compared. */
function scalesOf(bars: readonly Bar[], units: readonly Unit[]): Bars['scales'] {
  const longest = units.map((_, at) =>
    Math.max(0, ...bars.map(({ lines }) => (lines[at] ?? []).reduce((sum, { value }) => sum + value, 0))),
  );
  return units.map((unit) => ({
    unit,
    most: Math.max(...longest.filter((_, at) => units[at] === unit)),
  }));
}

function legendOf(
  widget: Widget,
  metrics: Widget['query']['metrics'],
  parts: ReadonlyMap<string | null, string>,
): Bars['legend'] {
  const second = groupsOf(widget.query)[1];
  if (second === undefined)
    return metrics.map((metric, at) => ({ name: metricWord(metric), tone: metricTone(at) }));
  return [...parts].map(([key, tone]) => ({ name: groupWord(key, second, widget.query.kind), tone }));
}
