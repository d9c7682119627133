/** The parts of a whole: the largest few, and all the rest as one. */
import { type Answer, secondsOf } from './answer';
import { groupsOf, unitOf, type Widget } from './document';
import { REST, tonesOf } from './tones';
import { addsUp, groupWord, perSecond } from './values';

export interface Slice {
  name: string;
  tone: string;
  /** Undefined for the rest, which no filter names. */
  key: string | null | undefined;
  value: number;
  /** From 0 to 1. */
  part: number;
}

export const MOST_SLICES = 8;

export function slicesOf(widget: Widget, answer: Answer): Slice[] {
  const { query } = widget;
  const metric = query.metrics[0];
  if (!metric) return [];
  const field = groupsOf(query)[0] ?? '';
  const value = (of: (number | null)[]) =>
    perSecond(of[0] ?? null, unitOf(widget), metric, secondsOf(answer, null)) ?? 0;
  const all = answer.rows.filter(({ values }) => (values[0] ?? 0) > 0);
  // Of one slice too many, the last would hide in the rest anyway.
  const shown = all.length > MOST_SLICES ? all.slice(0, MOST_SLICES - 1) : all;
  const hidden = all.slice(shown.length).reduce((sum, { values }) => sum + value(values), 0);
  const beyond = addsUp(metric) ? answer.other.reduce((sum, { values }) => sum + value(values), 0) : 0;
  const tones = tonesOf(
    field,
    shown.map(({ keys }) => keys[0] ?? null),
  );
  const slices: Slice[] = shown.map(({ keys, values }, at) => ({
    name: groupWord(keys[0], field, query.kind),
    tone: tones[at] ?? REST,
    key: keys[0] ?? null,
    value: value(values),
    part: 0,
  }));
  if (hidden + beyond > 0)
    slices.push({ name: 'All others', tone: REST, key: undefined, value: hidden + beyond, part: 0 });
  const whole = slices.reduce((sum, slice) => sum + slice.value, 0);
  return slices.map((slice) => ({ ...slice, part: whole ? slice.value / whole : 0 }));
}

/** The outline of a ring's piece, from one part of the turn to another; both from 0 to 1. */
export function arc(from: number, to: number, outer: number, inner: number): string {
  const end = Math.min(to, from + 0.99999);
  const point = (turn: number, radius: number) => {
    const angle = 2 * Math.PI * (turn - 0.25);
    return `${(radius * Math.cos(angle)).toFixed(3)} ${(radius * Math.sin(angle)).toFixed(3)}`;
  };
  const large = end - from > 0.5 ? 1 : 0;
  return `M${point(from, outer)}A${outer} ${outer} 0 ${large} 1 ${point(end, outer)}L${point(end, inner)}A${inner} ${inner} 0 ${large} 0 ${point(from, inner)}Z`;
}
