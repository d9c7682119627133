/** Which edges and arcs of the ring have open alerts. Pure. */
import type { Alert } from '../domain/alert';
import { SEVERITIES, type Severity } from '../domain/severity';
import type { Ring } from './ring';

export interface Mark {
  level: Severity;
  count: number;
}

export interface Threats {
  edges: ReadonlySet<string>;
  arcs: ReadonlyMap<string, Mark>;
}

const rank = (level: Severity) => SEVERITIES.indexOf(level);

export function threatsOf(ring: Ring, alerts: readonly Alert[]): Threats {
  const shown = new Set(ring.arcs.map(({ id }) => id));
  const joined = new Set(ring.links.map(({ edge }) => edge));
  const edges = new Set<string>();
  const arcs = new Map<string, Mark>();
  for (const alert of alerts) {
    if (alert.status !== 'OPEN') continue;
    if (alert.edgeId && joined.has(alert.edgeId)) edges.add(alert.edgeId);
    const id = [alert.source?.id, alert.source?.parentId].find((each) => each && shown.has(each));
    if (!id) continue;
    const known = arcs.get(id);
    const level = known && rank(known.level) < rank(alert.level) ? known.level : alert.level;
    arcs.set(id, { level, count: (known?.count ?? 0) + 1 });
  }
  return { edges, arcs };
}
