/** Where the flipped edges are drawn: sources in boxes of their namespaces on the left, targets on the right. */
import type { FlipNode } from '../../../api/simulation';
import { displayName, middle } from '../../../domain/names';
import { connectionsOf, type Flipped } from './effects';

export const MOST_EDGES = 24;
export const WIDTH = 320;
const NODE = { width: 124, height: 24 };
const [GAP, HEAD, PAD, BETWEEN] = [8, 18, 7, 12];

export interface Placed {
  id: string;
  label: string;
  title: string;
  x: number;
  y: number;
  width: number;
  height: number;
  outside: boolean;
}
export interface Box {
  label: string;
  x: number;
  y: number;
  width: number;
  height: number;
}
export interface Edge {
  id: string;
  flips: string[];
  effect: Flipped;
  path: string;
  end: { x: number; y: number };
  middle: { x: number; y: number };
  title: string;
}
export interface Layout {
  height: number;
  boxes: Box[];
  sources: Placed[];
  targets: Placed[];
  edges: Edge[];
  /** Edges that did not fit. */
  rest: number;
}

type Node = FlipNode['source'];
type Column = { nodes: Placed[]; boxes: Box[]; height: number };

const groupOf = ({ namespace }: Node): string => namespace ?? '';

function column(nodes: readonly Node[], x: number): Column {
  const groups = new Map<string, Node[]>();
  for (const node of nodes) groups.set(groupOf(node), [...(groups.get(groupOf(node)) ?? []), node]);
  const found: Column = { nodes: [], boxes: [], height: 0 };
  let y = 4;
  for (const [label, members] of groups) {
    const top = y;
    if (label) y += HEAD;
    for (const node of members) {
      const name = displayName(node.kind, node.name);
      const label = middle(name, 17);
      const title = node.namespace ? `${node.namespace}/${name}` : name;
      found.nodes.push({ id: node.id, label, title, x, y, ...NODE, outside: node.kind !== 'WORKLOAD' });
      y += NODE.height + GAP;
    }
    if (label)
      found.boxes.push({
        label: middle(label, 20),
        x: x - 6,
        y: top,
        width: NODE.width + 12,
        height: y - top,
      });
    y += BETWEEN;
  }
  found.height = y;
  return found;
}

/** One edge for each pair of ends and effect, whatever its ports; the order is that of the table. */
export function layoutOf(flips: readonly FlipNode[]): Layout {
  const joined = new Map<string, FlipNode[]>();
  for (const flip of flips) {
    const id = `${flip.effect}:${flip.edgeId}`;
    joined.set(id, [...(joined.get(id) ?? []), flip]);
  }
  const drawn = [...joined].slice(0, MOST_EDGES);
  const firsts = drawn.flatMap(([, [flip]]) => (flip ? [flip] : []));
  const sources = column(unique(firsts.map(({ source }) => source)), PAD);
  const targets = column(unique(firsts.map(({ target }) => target)), WIDTH - NODE.width - PAD);
  const place = (column: Column) => new Map(column.nodes.map((node) => [node.id, node]));
  const [left, right] = [place(sources), place(targets)];
  const edges = drawn.flatMap(([id, some], at): Edge[] => {
    const [flip] = some;
    const [from, to] = [left.get(flip?.source.id ?? ''), right.get(flip?.target.id ?? '')];
    if (!flip || !from || !to) return [];
    const shift = (at % 3) * 3 - 3;
    const [x1, y1] = [from.x + from.width, from.y + from.height / 2];
    const [x2, y2] = [to.x - 7, to.y + to.height / 2 + shift];
    const bend = (x1 + x2) / 2;
    const count = some.reduce((sum, each) => sum + (connectionsOf(each) ?? 0), 0);
    return [
      {
        id,
        flips: some.map((each) => each.id),
        effect: flip.effect as Flipped,
        path: `M${x1},${y1} C${bend},${y1} ${bend},${y2} ${x2},${y2}`,
        end: { x: x2, y: y2 },
        middle: { x: bend, y: (y1 + y2) / 2 },
        title: `${from.title} to ${to.title}, ${count} connections`,
      },
    ];
  });
  const height = Math.max(sources.height, targets.height);
  return {
    height,
    boxes: [...sources.boxes, ...targets.boxes],
    sources: sources.nodes,
    targets: targets.nodes,
    edges,
    rest: joined.size - drawn.length,
  };
}

const unique = (nodes: Node[]): Node[] => [...new Map(nodes.map((node) => [node.id, node])).values()];
