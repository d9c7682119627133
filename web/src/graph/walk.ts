import type { Measure } from '../domain/traffic';
import type { Rect } from './layout/size';
import type { View, ViewEdge } from './view';

/** Moving about the graph by keys. */
type Way = 'left' | 'right' | 'up' | 'down';

/** The nearest node in a direction; what lies off to the side counts as farther away. */
export function nearest(from: string, way: Way, view: View, rects: ReadonlyMap<string, Rect>): string | null {
  const start = rects.get(from);
  if (!start) return null;
  const [x, y] = middle(start);
  let best: string | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const node of view.nodes) {
    const rect = rects.get(node.id);
    // A box around the node, or one within it, is reached by Space and by its own members.
    if (!rect || node.id === from || node.pending) continue;
    const [dx, dy] = [middle(rect)[0] - x, middle(rect)[1] - y];
    const [ahead, aside] =
      way === 'left' ? [-dx, dy] : way === 'right' ? [dx, dy] : way === 'up' ? [-dy, dx] : [dy, dx];
    if (ahead <= 4) continue;
    const distance = ahead + 2.2 * Math.abs(aside);
    if (distance < least || (distance === least && best !== null && node.id < best)) {
      least = distance;
      best = node.id;
    }
  }
  return best;
}

const middle = ({ x, y, w, h }: Rect): [number, number] => [x + w / 2, y + h / 2];

/** A node's edges, the busiest first; denied ones lead, since they are what is looked for. */
export function edgesByVolume(id: string, view: View, measure: Measure): ViewEdge[] {
  const inside = new Set(
    view.nodes.filter((node) => node.parent === id || node.id === id).map((node) => node.id),
  );
  const volume = ({ edge }: ViewEdge) => (edge.allowed[measure] ?? 0) + (edge.denied[measure] ?? 0);
  return view.edges
    .filter((edge) => inside.has(edge.source) || inside.has(edge.target))
    .sort(
      (a, b) =>
        Number(b.verdict !== 'allowed') - Number(a.verdict !== 'allowed') ||
        volume(b) - volume(a) ||
        (a.id < b.id ? -1 : 1),
    );
}
