import type { Alert } from '../../domain/alert';
import { behind, type Graph, type GraphNode } from '../../domain/graph';
import { SEVERITIES, type Severity } from '../../domain/severity';

const rank = (level: Severity) => SEVERITIES.indexOf(level);

const placeOf = ({ kind, cluster, namespace, name }: Omit<GraphNode, 'id' | 'parentId' | 'members'>) =>
  JSON.stringify([kind, cluster, namespace, name]);

/** Open alerts marked where their story starts: the source's node, or the service or namespace that hides it. */
export function alertsByNode(
  graph: Graph,
  alerts: readonly Alert[],
): Map<string, { level: Severity; count: number }> {
  const marks = new Map<string, { level: Severity; count: number }>();
  const services = new Map<string, string>();
  for (const node of graph.nodes.values())
    for (const each of behind(node)) services.set(placeOf(each), node.id);
  for (const alert of alerts) {
    if (alert.status !== 'OPEN' || !alert.source) continue;
    const { id, parentId } = alert.source;
    const service = services.get(placeOf(alert.source));
    const shown = [id, service, parentId].find((each) => each && graph.nodes.has(each));
    if (!shown) continue;
    const mark = marks.get(shown);
    const level = mark && rank(mark.level) < rank(alert.level) ? mark.level : alert.level;
    marks.set(shown, { level, count: (mark?.count ?? 0) + 1 });
  }
  return marks;
}

/** The most severe of the open alerts that tell of an edge. */
export function alertsByEdge(alerts: readonly Alert[]): Map<string, Severity> {
  const levels = new Map<string, Severity>();
  for (const alert of alerts) {
    if (alert.status !== 'OPEN' || !alert.edgeId) continue;
    const known = levels.get(alert.edgeId);
    if (!known || rank(alert.level) < rank(known)) levels.set(alert.edgeId, alert.level);
  }
  return levels;
}
