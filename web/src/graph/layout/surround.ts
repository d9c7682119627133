import type { Plan, PlanNode } from './plan';
import { boundsOf, CARD, type Point, type Rect } from './size';

const SIDE_GAP = 96;
const SINK_GAP = { x: 24, y: 16 };
const SOURCE_GAP = 28;
const INFRA_GAP = { x: 48, y: 36 };
const LEAST_HEIGHT = 420;

/**
 * Places what surrounds the inner layout: callers in a column at the left, called in as many columns
 * at the right as keep the picture from growing tall, each beside those it deals with, and the infra
 * layer in rows below.
 */
export function surround(inner: ReadonlyMap<string, Point>, plan: Plan): Map<string, Point> {
  const all = new Map(inner);
  const rects = new Map<string, Rect>();
  for (const node of plan.inner) {
    const point = inner.get(node.id);
    if (point) rects.set(node.id, { ...point, w: node.w, h: node.h });
  }
  const bounds = boundsOf(rects.values()) ?? { x: 0, y: 0, w: 0, h: 0 };
  const middle = bounds.y + bounds.h / 2;
  const heights = partners(plan, rects);
  const near = (nodes: readonly PlanNode[]) =>
    [...nodes].sort((a, b) => (heights.get(a.id) ?? middle) - (heights.get(b.id) ?? middle));
  const put = (node: PlanNode, point: Point) => {
    all.set(node.id, point);
    rects.set(node.id, { ...point, w: node.w, h: node.h });
  };

  const sources = near(plan.sources);
  const sourceHeight = sources.reduce((sum, node) => sum + node.h + SOURCE_GAP, -SOURCE_GAP);
  let y = middle - sourceHeight / 2;
  for (const node of sources) {
    put(node, { x: bounds.x - SIDE_GAP - node.w, y });
    y += node.h + SOURCE_GAP;
  }

  const sinks = near(plan.sinks);
  const cell = { w: (sinks[0]?.w ?? 0) + SINK_GAP.x, h: (sinks[0]?.h ?? 0) + SINK_GAP.y };
  const fits = Math.max(
    1,
    Math.floor((Math.max(bounds.h, sourceHeight, LEAST_HEIGHT) + SINK_GAP.y) / cell.h),
  );
  const columns = Math.max(1, Math.ceil(sinks.length / fits));
  const rows = Math.ceil(sinks.length / columns);
  // Every other column stands half a row lower: a line to it passes between those before it, and none
  // of them looks like its beginning.
  const lower = columns > 1 ? cell.h / 2 : 0;
  const top = middle - (rows * cell.h - SINK_GAP.y + lower) / 2;
  sinks.forEach((node, at) => {
    const column = at % columns;
    put(node, {
      x: bounds.x + bounds.w + SIDE_GAP + column * cell.w,
      y: top + Math.floor(at / columns) * cell.h + (column % 2) * lower,
    });
  });

  below(plan.infra, boundsOf(rects.values()) ?? bounds, put);
  return all;
}

/** The mean height of whom each deals with. */
function partners(plan: Plan, rects: ReadonlyMap<string, Rect>): Map<string, number> {
  const sums = new Map<string, { sum: number; count: number }>();
  const add = (id: string, partner: string) => {
    const rect = rects.get(partner);
    if (!rect) return;
    const known = sums.get(id) ?? { sum: 0, count: 0 };
    sums.set(id, { sum: known.sum + rect.y + rect.h / 2, count: known.count + 1 });
  };
  for (const { source, target } of plan.links) {
    add(source, target);
    add(target, source);
  }
  return new Map([...sums].map(([id, { sum, count }]) => [id, sum / count]));
}

function below(nodes: readonly PlanNode[], bounds: Rect, put: (node: PlanNode, point: Point) => void): void {
  const widest = Math.max(...nodes.map((node) => node.w), CARD.w) + INFRA_GAP.x;
  const perRow = Math.max(3, Math.floor((bounds.w + INFRA_GAP.x) / widest));
  let y = bounds.y + bounds.h + 72;
  for (let start = 0; start < nodes.length; start += perRow) {
    const row = nodes.slice(start, start + perRow);
    const width = row.reduce((sum, node) => sum + node.w + INFRA_GAP.x, -INFRA_GAP.x);
    let x = bounds.x + (bounds.w - width) / 2;
    for (const node of row) {
      put(node, { x, y });
      x += node.w + INFRA_GAP.x;
    }
    y += Math.max(...row.map((node) => node.h)) + INFRA_GAP.y;
  }
}
