import type { Graph } from '../domain/graph';
import { clockMinutes, day } from '../domain/units';

/** `Service graph 2026-11-23 14:05 to 14:35 UTC`: what a file is of, wherever it ends up. */
export function viewTitle(what: string, graph: Pick<Graph, 'from' | 'to'> | null): string {
  if (!graph) return what;
  const [from, to] = [Date.parse(graph.from), Date.parse(graph.to)];
  const until = day(from) === day(to) ? clockMinutes(to) : `${day(to)} ${clockMinutes(to)}`;
  return `${what} ${day(from)} ${clockMinutes(from)} to ${until} UTC`;
}
