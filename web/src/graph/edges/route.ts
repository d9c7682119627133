import { bodyOf, type Rect } from '../layout/size';
import type { View, ViewEdge } from '../view';
import {
  anchor,
  arrowPath,
  type Curve,
  curve,
  pathOf,
  type Side,
  shift,
  sidesFor,
  spread,
  stopPath,
} from './geometry';

export interface Stroke {
  verdict: 'allowed' | 'denied';
  path: string;
  end: string;
  width: number;
}

export interface Routed {
  edge: ViewEdge;
  strokes: Stroke[];
  /** The middle line, for pointing at and for the badge. */
  line: Curve;
  hit: string;
}

interface Draft {
  edge: ViewEdge;
  source: Rect;
  target: Rect;
  out: Side;
  into: Side;
}

/** Routes every edge of a view over placed nodes. Pure; ends on one side are ordered so that they do not cross. */
export function routeAll(view: View, rects: ReadonlyMap<string, Rect>): Routed[] {
  const bodies = new Map<string, Rect>();
  for (const node of view.nodes) {
    const rect = rects.get(node.id);
    if (rect) bodies.set(node.id, bodyOf(node, rect));
  }
  const drafts: Draft[] = [];
  for (const edge of view.edges) {
    const source = bodies.get(edge.source);
    const target = bodies.get(edge.target);
    if (!source || !target) continue;
    const [out, into] = sidesFor(source, target);
    drafts.push({ edge, source, target, out, into });
  }
  const offsets = anchors(drafts);
  return drafts.map((draft) => {
    const { edge, out, into, source, target } = draft;
    const from = anchor(source, out, offsets.get(`${edge.id} out`) ?? 0);
    const to = anchor(target, into, offsets.get(`${edge.id} in`) ?? 0);
    const line = curve(from, out, to, into, edge.verdict === 'denied' ? 4 : arrowLength(edge.allowedWidth));
    return { edge, line, hit: pathOf(line), strokes: strokesOf(edge, line, into) };
  });
}

const arrowLength = (width: number) => 7 + width * 0.9;

function strokesOf(edge: ViewEdge, line: ReturnType<typeof curve>, into: Side): Stroke[] {
  const apart = edge.verdict === 'mixed' ? (edge.allowedWidth + edge.deniedWidth) / 4 + 1.5 : 0;
  const strokes: Stroke[] = [];
  if (edge.verdict !== 'denied') {
    const own = shift(line, into, -apart);
    const length = arrowLength(edge.allowedWidth);
    strokes.push({
      verdict: 'allowed',
      path: pathOf(own),
      end: arrowPath(own.end, length, 3.2 + edge.allowedWidth * 0.55),
      width: edge.allowedWidth,
    });
  }
  if (edge.verdict !== 'allowed') {
    const own = shift(line, into, apart);
    strokes.push({
      verdict: 'denied',
      path: pathOf(own),
      end: stopPath(own.end, 3, 6.5),
      width: edge.deniedWidth,
    });
  }
  return strokes;
}

/** For each end, how far from the middle of its side it sits. */
function anchors(drafts: Draft[]): Map<string, number> {
  const sides = new Map<string, { key: string; order: number; length: number; id: string }[]>();
  const add = (node: string, side: Side, key: string, own: Rect, other: Rect, id: string) => {
    const flat = side === 'left' || side === 'right';
    const list = sides.get(`${node} ${side}`) ?? [];
    const order = flat ? other.y + other.h / 2 : other.x + other.w / 2;
    list.push({ key, order, length: flat ? own.h : own.w, id });
    sides.set(`${node} ${side}`, list);
  };
  for (const { edge, source, target, out, into } of drafts) {
    add(edge.source, out, `${edge.id} out`, source, target, edge.id);
    add(edge.target, into, `${edge.id} in`, target, source, edge.id);
  }
  const offsets = new Map<string, number>();
  for (const list of sides.values()) {
    list.sort((a, b) => a.order - b.order || (a.id < b.id ? -1 : 1));
    const steps = spread(list.length, list[0]?.length ?? 0);
    list.forEach(({ key }, at) => {
      offsets.set(key, steps[at] ?? 0);
    });
  }
  return offsets;
}
