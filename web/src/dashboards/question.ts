/** What a widget asks of `aggregate`. Times are filled in when it is sent, so that a live question keeps its key. */
import type { AggregateAsk } from '../api/aggregate';
import { type AskedRange, freeze, isLive, isoSeconds, resolveRange } from '../domain/time';
import { allOf } from '../kql/build';
import { intervalFor } from '../scrubber/bars';
import { calendarStep } from './calendar';
import { type DashboardDocument, groupsOf, type Query, type Widget } from './document';
import { scopeFilter, type Values } from './variables';

export interface Question {
  ask: Omit<AggregateAsk, 'range'>;
  /** `before` is the range of the same length that ends where the asked one begins. */
  span: 'range' | 'before';
}

export interface Scope {
  range: AskedRange;
  namespaces: readonly string[];
  values: Values;
  document: DashboardDocument;
  /** Whose hours and days a calendar shows, such as Europe/Berlin. */
  zone: string;
}

/** What is asked for, in this order; `sampled` counts the records whose volumes are estimates. */
export type Role = 'main' | 'trend' | 'before' | 'sampled';
export type Questions = Partial<Record<Role, Question>>;

const POINTS = { timeseries: 90, heatmap: 30, trend: 32 };
/** Records sum up windows, of a minute or more from most sources: shorter buckets would be a comb. */
const LEAST_SECONDS = 60;
const MOST_BUCKETS = 1500;
const MOST_CELLS = 90_000;

const upper = <T extends string>(text: T) => text.toUpperCase() as Uppercase<T>;
const VOLUMES =
  /^(bytes|packets)_(in|out|to_target|to_source)$|^(bytes|packets)To(Target|Source)$|^num_flows|^connections$/;

export function questionsOf(widget: Widget, scope: Scope, now: number): Questions {
  const { query } = widget;
  const filter = allOf([query.filter, scopeFilter(query.kind, scope)]);
  const span = spanIn(scope.range, now);
  const points = widget.kind === 'heatmap' ? POINTS.heatmap : POINTS.timeseries;
  const timed = widget.calendar ? { ...query, interval: calendarStep(scope.zone, now) } : query;
  const main = askOf(query, filter, intervalOf(timed, span, points));
  const questions: Questions = { main: { ask: main, span: 'range' } };
  if (widget.kind === 'number') {
    const interval = Math.max(LEAST_SECONDS, intervalFor(span, POINTS.trend));
    questions.trend = { ask: { ...main, interval }, span: 'range' };
    questions.before = { ask: main, span: 'before' };
  }
  if (query.kind === 'flows' && query.metrics.some(({ field }) => VOLUMES.test(field ?? '')))
    questions.sampled = { ask: sampledOf(filter), span: 'range' };
  return questions;
}

function askOf(query: Query, filter: string | null, interval: number | null): Question['ask'] {
  return {
    kind: upper(query.kind),
    filter,
    groupBy: groupsOf(query).length ? groupsOf(query) : null,
    metrics: query.metrics.map(({ op, field }) => ({ op: upper(op), field: field ?? null })),
    interval,
    limit: query.limit ?? 10,
    reporters: upper(query.reporters ?? 'combined'),
  };
}

const sampledOf = (filter: string | null): Question['ask'] => ({
  kind: 'FLOWS',
  filter: allOf([filter, 'sampling : *']),
  groupBy: null,
  metrics: [{ op: 'COUNT', field: null }],
  interval: null,
  limit: 1,
  reporters: 'EACH',
});

/** Seconds a bucket: as written, but never more buckets than an answer can hold. */
export function intervalOf(query: Query, span: number, points: number): number | null {
  if (query.interval === null || query.interval === undefined) return null;
  const wanted =
    query.interval === 'auto' ? Math.max(LEAST_SECONDS, intervalFor(span, points)) : query.interval;
  const most = groupsOf(query).length
    ? Math.min(MOST_BUCKETS, Math.floor(MOST_CELLS / (query.limit ?? 10)))
    : MOST_BUCKETS;
  return span / 1000 / wanted <= most ? wanted : intervalFor(span, most);
}

const spanIn = (range: AskedRange, now: number): number => {
  const { from, to } = resolveRange(range, now);
  return to - from;
};

/** Kinds whose records come one by one: a bucket under way is no fall of theirs, and the newest is what is looked for. */
const SINGLE: ReadonlySet<string> = new Set(['ALERTS', 'EVENTS', 'AUDIT', 'BGP']);

/** The times to send. A live series of traffic ends with its last whole bucket: the one under way would look like a fall. */
export function timesOf(
  { ask, span }: Question,
  range: AskedRange,
  now: number,
): { from: string; to: string } {
  const step = ask.interval && isLive(range) && !SINGLE.has(ask.kind) ? ask.interval * 1000 : null;
  if (span !== 'before' && step === null) return freeze(range, now);
  let { from, to } = resolveRange(range, now);
  if (span === 'before') [from, to] = [2 * from - to, from];
  if (step !== null) {
    to = Math.floor(to / step) * step;
    from = Math.min(Math.floor(from / step) * step, to - step);
  }
  return { from: isoSeconds(from), to: isoSeconds(to) };
}

export const keyOf = (question: Question, range: AskedRange): string => JSON.stringify([question, range]);
