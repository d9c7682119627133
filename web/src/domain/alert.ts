import type { GraphNode } from './graph';
import type { Severity } from './severity';

export interface Alert {
  id: string;
  time: number;
  kind: string;
  rule: string;
  title: string;
  description: string;
  severity: number;
  level: Severity;
  technique: string | null;
  tactic: string | null;
  status: 'OPEN' | 'ACKNOWLEDGED' | 'DISMISSED';
  cluster: string;
  source: GraphNode | null;
  target: GraphNode | null;
  protocol: string | null;
  port: number | null;
  edgeId: string | null;
  evidence: string[];
  mitigations: string[];
  /** What was said when the status was last changed, by whom and when. */
  note: string;
  triagedBy: string | null;
  triagedAt: number | null;
}

/** Newest first, each once; the newer report of an alert replaces the older in its place. */
export function mergeAlerts(known: readonly Alert[], arrived: readonly Alert[]): Alert[] {
  const byId = new Map(known.map((alert) => [alert.id, alert]));
  for (const alert of arrived) byId.set(alert.id, alert);
  return [...byId.values()].sort((a, b) => b.time - a.time || (a.id < b.id ? 1 : -1));
}
