import type { View, ViewEdge } from '../view';
import type { Disc } from './discs';

/** All allowed lines between two discs, one way, as one. */
export interface Bundle {
  source: string;
  target: string;
  lines: number;
}

/** From afar lines between workloads are a felt: those between two discs are drawn as one, thicker for more. */
export function bundlesOf(view: View, discs: readonly Disc[], keep: (edge: ViewEdge) => boolean): Bundle[] {
  const owner = new Map<string, string>();
  for (const { node, members } of discs) {
    owner.set(node.id, node.id);
    for (const member of members) owner.set(member.id, node.id);
  }
  const bundles = new Map<string, Bundle>();
  for (const edge of view.edges) {
    const [source, target] = [owner.get(edge.source), owner.get(edge.target)];
    if (!source || !target || source === target || edge.verdict === 'denied' || !keep(edge)) continue;
    const key = `${source}\n${target}`;
    const bundle = bundles.get(key);
    if (bundle) bundle.lines += 1;
    else bundles.set(key, { source, target, lines: 1 });
  }
  return [...bundles.values()];
}
