import type { ViewNode } from '../view';

export interface Point {
  x: number;
  y: number;
}
export interface Size {
  w: number;
  h: number;
}
export type Rect = Point & Size;

export const CARD: Size = { w: 160, h: 82 };
export const WORKLOAD: Size = { w: 174, h: 44 };
export const PILL: Size = { w: 208, h: 44 };
/** A globe of 46 with its words below. */
export const GLOBE: Size = { w: 118, h: 88 };
export const GLOBE_DISC = 46;

export const isGlobe = (node: ViewNode): boolean => node.type === 'external' && node.role === 'source';

export function sizeOf(node: ViewNode): Size {
  if (node.type === 'workload') return WORKLOAD;
  if (node.type === 'external') return isGlobe(node) ? GLOBE : PILL;
  return CARD;
}

/** How far the cards behind a folded namespace stick out. */
const STACK = 6;

/** The part of a node that lines attach to. */
export function bodyOf(node: ViewNode, rect: Rect): Rect {
  if (node.type === 'namespace') return { ...rect, w: rect.w + STACK, h: rect.h + STACK };
  if (!isGlobe(node)) return rect;
  return { x: rect.x + (rect.w - GLOBE_DISC) / 2, y: rect.y, w: GLOBE_DISC, h: GLOBE_DISC };
}

export function overlaps(a: Rect, b: Rect, gap = 0): boolean {
  return a.x < b.x + b.w + gap && b.x < a.x + a.w + gap && a.y < b.y + b.h + gap && b.y < a.y + a.h + gap;
}

export function boundsOf(rects: Iterable<Rect>): Rect | null {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x, y, w, h } of rects) {
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x + w);
    bottom = Math.max(bottom, y + h);
  }
  return left === Infinity ? null : { x: left, y: top, w: right - left, h: bottom - top };
}
