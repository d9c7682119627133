import type { Graph, GraphEdge, GraphNode } from './graph';
import { type AskedRange, isoSeconds, resolve, resolveRange, spanOf } from './time';
import { type EdgeVerdict, NOTHING, type Traffic, verdictOf } from './traffic';

export const CHANGES = ['VERDICT', 'NEW', 'GONE', 'VOLUME', 'SAME'] as const;
export type EdgeChange = (typeof CHANGES)[number];

/** What an edge was, and what became of it. */
export interface Compared {
  id: string;
  change: EdgeChange;
  /** Attempts by the second, of those before. */
  ratio: number | null;
  allowed: Traffic;
  denied: Traffic;
}

/** Two ranges side by side. */
export interface Comparison {
  edges: ReadonlyMap<string, Compared>;
  /** Both sides' nodes, and edges of both with the present traffic. */
  nodes: ReadonlyMap<string, GraphNode>;
  both: ReadonlyMap<string, GraphEdge>;
  counts: Readonly<Record<EdgeChange, number>>;
  from: string;
  to: string;
  /** Whether anything flowed before at all; where not, everything would be new. */
  comparable: boolean;
  truncated: boolean;
}

const DAY = 86_400_000;
export const SHIFTS = { before: null, day: DAY, week: 7 * DAY } as const;
export type Shift = keyof typeof SHIFTS;

export const isShift = (text: string): text is Shift => Object.hasOwn(SHIFTS, text);

/** The range that one is compared with: the one before, the same a day or a week ago, or from a moment on. */
export function comparedRange(range: AskedRange, compare: string, now: number): AskedRange | null {
  const length = spanOf(range, now);
  if (!isShift(compare)) {
    const start = resolve(compare, now);
    return start === null ? null : { from: isoSeconds(start), to: isoSeconds(start + length) };
  }
  const back = SHIFTS[compare] ?? length;
  const { from, to } = resolveRange(range, now);
  return { from: shifted(range.from, from, back), to: shifted(range.to, to, back) };
}

/** A moment relative to now stays so, so that the question is the same as long as the range is. */
function shifted(point: string, moment: number, back: number): string {
  if (!point.startsWith('now')) return isoSeconds(moment - back);
  const ago = Math.round(-(resolve(point, 0) ?? 0) / 1000 + back / 1000);
  return `now-${ago}s`;
}

export const verdictBefore = (edge: Compared): EdgeVerdict => verdictOf(edge.allowed, edge.denied);

/** What is there now, and what is no more, without traffic: what it carried is none of the present's. */
export function withGone(graph: Graph, comparison: Comparison): Graph {
  const nodes = new Map(graph.nodes);
  const edges = new Map(graph.edges);
  for (const { id, change } of comparison.edges.values()) {
    const edge = comparison.both.get(id);
    if (change !== 'GONE' || !edge || edges.has(id)) continue;
    edges.set(id, { ...edge, allowed: NOTHING, denied: NOTHING });
    for (const end of [edge.source, edge.target]) {
      const node = comparison.nodes.get(end);
      if (node && !nodes.has(end)) nodes.set(end, node);
    }
  }
  return { ...graph, nodes, edges };
}

/** Edges that are not as they were. One that fell silent and flows again since is no longer gone. */
export function changesOf(graph: Graph, comparison: Comparison): ReadonlyMap<string, Compared> {
  const changed = [...comparison.edges.values()].filter(
    ({ id, change }) => change !== 'SAME' && (change === 'GONE') !== graph.edges.has(id),
  );
  return new Map(changed.map((edge) => [edge.id, edge]));
}

const VERBS: Record<EdgeVerdict, string> = { allowed: 'allowed', denied: 'denied', mixed: 'partly denied' };

/** A few letters beside a line. */
export function changeMark({ change, ratio }: Compared): string {
  if (change === 'VOLUME' && ratio !== null) return times(ratio);
  return { VERDICT: 'verdict', NEW: 'new', GONE: 'gone', VOLUME: 'volume', SAME: '' }[change];
}

/** A sentence without its end. */
export function changeWords(told: Compared, now: EdgeVerdict): string {
  switch (told.change) {
    case 'NEW':
      return 'Not seen in the range that it is compared with';
    case 'GONE':
      return 'Seen in the range that it is compared with, and no more';
    case 'VERDICT':
      return `Was ${VERBS[verdictBefore(told)]}, is ${VERBS[now]}`;
    case 'VOLUME':
      return told.ratio === null ? 'Busier' : `Tried ${times(told.ratio)} as often by the second`;
    default:
      return '';
  }
}

/** 9 times, or a ninth. */
export function times(ratio: number): string {
  if (ratio >= 1) return `×${round(ratio)}`;
  return ratio > 0 ? `÷${round(1 / ratio)}` : '×0';
}

const round = (value: number) =>
  value < 10 ? String(Math.round(value * 10) / 10) : Math.round(value).toLocaleString('en');
