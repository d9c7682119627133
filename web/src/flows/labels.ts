/** Which names fit around the ring, and where. Pure: measured by letters, not by pixels on a screen. */
import { middle } from '../domain/names';
import { type Box, middleOf, pointAt, TO_NAMES } from './geometry';
import type { Ring } from './ring';
import type { Spans } from './spans';

export interface ArcLabel {
  id: string;
  text: string;
  /** Degrees, for a name that reads outwards; `end` on the left half, so that none stands on its head. */
  turn: number;
  anchor: 'start' | 'end';
  x: number;
  y: number;
}

export interface GroupLabel {
  id: string;
  text: string;
  x: number;
  y: number;
  anchor: 'start' | 'middle' | 'end';
}

export interface Labels {
  radius: number;
  arcs: ArcLabel[];
  groups: GroupLabel[];
}

const LETTER = 6.1;
const LONGEST = 20;
/** In a low box long names would leave no room for the ring. */
const LONGEST_LOW = 15;
const LOW = 760;
const LINE = 13;
const WIDE = 96;
const TALL = 30;
const EDGE = { side: 10, top: 48, foot: 44 };

const widthOf = (text: string) => text.length * LETTER;

/** Groups of one folded namespace are named once, outside. */
const bare = (ring: Ring) => {
  const counts = new Map<string, number>();
  for (const arc of ring.arcs) counts.set(arc.group, (counts.get(arc.group) ?? 0) + 1);
  return ring.arcs.filter((arc) => !(arc.kind === 'NAMESPACE' && counts.get(arc.group) === 1));
};

export function labelsOf(ring: Ring, spans: Spans, box: Box, first: ReadonlySet<string>): Labels {
  const longest = box.height < LOW ? LONGEST_LOW : LONGEST;
  const names = bare(ring).flatMap((arc) => {
    const span = spans.arcs.get(arc.id);
    const text = middle(arc.name, longest);
    return span ? [{ id: arc.id, text, angle: middleOf(span), size: span.end - span.start }] : [];
  });
  const radius = radiusFor(names, box);
  const rim = radius + TO_NAMES;
  const kept: typeof names = [];
  const order = names.toSorted(
    (a, b) => Number(first.has(b.id)) - Number(first.has(a.id)) || b.size - a.size || (a.id < b.id ? -1 : 1),
  );
  for (const name of order) {
    if (kept.every((other) => apart(name.angle, other.angle) * rim >= LINE)) kept.push(name);
  }
  const arcs = kept.map(({ id, text, angle }): ArcLabel => {
    const left = angle > Math.PI;
    const degrees = (angle * 180) / Math.PI - 90;
    return {
      id,
      text,
      turn: left ? degrees + 180 : degrees,
      anchor: left ? 'end' : 'start',
      ...pointAt(angle, rim),
    };
  });
  return { radius, arcs, groups: groupLabels(ring, spans, kept, rim, box) };
}

const apart = (a: number, b: number) => {
  const gap = Math.abs(a - b) % (2 * Math.PI);
  return Math.min(gap, 2 * Math.PI - gap);
};

/** As large as the names around it allow. */
function radiusFor(names: readonly { text: string; angle: number }[], { width, height }: Box): number {
  const least = Math.min(width, height);
  let radius = Math.min(0.39 * least, height / 2 - EDGE.top - TALL - TO_NAMES);
  for (const { text, angle } of names) {
    const [up, aside] = [Math.abs(Math.cos(angle)), Math.abs(Math.sin(angle))];
    const reach = widthOf(text) + TO_NAMES + 6;
    if (up > 0.1) radius = Math.min(radius, (height / 2 - EDGE.top - TALL) / up - reach);
    if (aside > 0.1) radius = Math.min(radius, (width / 2 - EDGE.side - WIDE * 0.7) / aside - reach);
  }
  return Math.max(0.25 * least, radius, 60);
}

/** Beyond the names of their arcs, level, and never over one another: the largest have the first choice. */
function groupLabels(
  ring: Ring,
  spans: Spans,
  names: readonly { text: string; angle: number }[],
  rim: number,
  box: Box,
): GroupLabel[] {
  const taken = names.flatMap((name) => along(name, rim));
  const labels: GroupLabel[] = [];
  const sized = ring.groups.flatMap((group) => {
    const span = spans.groups.get(group.id);
    return span ? [{ group, angle: middleOf(span), size: span.end - span.start }] : [];
  });
  sized.sort((a, b) => b.size - a.size || (a.group.id < b.group.id ? -1 : 1));
  for (const { group, angle } of sized) {
    const text = middle(group.name, LONGEST);
    const w = Math.max(widthOf(text) * 1.1, 56) + 8;
    const aside = Math.sin(angle);
    const anchor = aside > 0.3 ? 'start' : aside < -0.3 ? 'end' : 'middle';
    const near = names.filter((name) => apart(name.angle, angle) * rim < 34);
    const reach = Math.max(0, ...near.map((name) => widthOf(name.text)));
    for (let step = 0; step < 8; step += 1) {
      const point = pointAt(angle, rim + reach + (reach ? 14 : 8) + step * 12);
      const left = anchor === 'start' ? point.x : anchor === 'end' ? point.x - w : point.x - w / 2;
      const x = clamp(left, -box.width / 2 + EDGE.side, box.width / 2 - EDGE.side - w);
      const lift = TALL * (Math.cos(angle) + 1) * 0.5;
      const y = clamp(point.y - lift, -box.height / 2 + EDGE.top, box.height / 2 - EDGE.foot - TALL);
      const rect = { x, y, w, h: TALL };
      if (taken.some((other) => overlap(rect, other))) continue;
      taken.push(rect);
      const at = anchor === 'start' ? x : anchor === 'end' ? x + w : x + w / 2;
      labels.push({ id: group.id, text, x: at, y: y + 11, anchor });
      break;
    }
  }
  return labels;
}

/** A name that reads outwards, as squares along it. */
function along({ text, angle }: { text: string; angle: number }, rim: number) {
  const squares: { x: number; y: number; w: number; h: number }[] = [];
  for (let far = 4; far < widthOf(text); far += 8) {
    const { x, y } = pointAt(angle, rim + far);
    squares.push({ x: x - 5, y: y - 5, w: 10, h: 10 });
  }
  return squares;
}

const clamp = (value: number, least: number, most: number) => Math.max(least, Math.min(most, value));
const overlap = (
  a: { x: number; y: number; w: number; h: number },
  b: { x: number; y: number; w: number; h: number },
) => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
