import { changeMark } from '../../domain/comparison';
import { attempts } from '../../domain/traffic';
import { exact, short } from '../../domain/units';
import type { Point, Rect } from '../layout/size';
import { overlaps } from '../layout/size';
import { pointOn } from './geometry';
import type { Routed } from './route';

export interface Badge {
  id: string;
  kind: 'denied' | 'rate';
  text: string;
  /** What is said of it in a word: new, gone, ×9. */
  tag: string | null;
  at: Point;
}

const TRIES = [0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.18, 0.82];
const BUSIEST = 8;
const LIT = 10;
const HEIGHT = 20;

/**
 * Badges after routing: denied always, allowed for the busiest and for those that are lit. Each moves
 * along its line to a free place; one that finds none is hidden, unless it tells of something denied.
 */
export function placeBadges(
  routes: readonly Routed[],
  bodies: readonly Rect[],
  lit: ReadonlySet<string>,
): Badge[] {
  const busiest = new Set(
    routes
      .filter(
        ({ edge }) =>
          edge.verdict === 'allowed' && (edge.label.told || !edge.dimmed) && edge.label.text !== '',
      )
      .sort((a, b) => b.edge.label.weight - a.edge.label.weight || (a.edge.id < b.edge.id ? -1 : 1))
      .slice(0, BUSIEST)
      .map(({ edge }) => edge.id),
  );
  // Pointing at a busy node lights many lines: only its own busiest say how much.
  const told = new Set(
    routes
      .filter(({ edge }) => lit.has(edge.id) && (!edge.dimmed || lit.size <= 2))
      .sort((a, b) => b.edge.label.weight - a.edge.label.weight)
      .slice(0, LIT)
      .map(({ edge }) => edge.id),
  );
  const rank = ({ edge }: Routed) =>
    edge.verdict !== 'allowed' || edge.change ? 0 : lit.has(edge.id) ? 1 : 2;
  const wanted = routes
    .filter(
      ({ edge }) =>
        edge.verdict !== 'allowed' ||
        busiest.has(edge.id) ||
        told.has(edge.id) ||
        edge.change !== null ||
        (edge.isNew && !edge.dimmed),
    )
    .sort((a, b) => rank(a) - rank(b) || b.edge.allowedWidth - a.edge.allowedWidth);
  const taken: Rect[] = [];
  const badges: Badge[] = [];
  for (const route of wanted) {
    const { edge } = route;
    const gone = edge.change?.change === 'GONE';
    const denied = edge.verdict !== 'allowed' && !gone;
    const text = gone
      ? ''
      : denied
        ? deniedText(attempts(edge.edge.denied), lit.has(edge.id))
        : edge.label.text;
    const tag = edge.change ? changeMark(edge.change) : edge.isNew ? 'new' : null;
    if (text === '' && tag === null) continue;
    const width = text.length * 6.6 + (denied ? 30 : 16) + (tag ? 12 + tag.length * 6 : 0);
    const place = TRIES.map((t) => pointOn(route.line, t)).find((point) => {
      const rect = { x: point.x - width / 2, y: point.y - HEIGHT / 2, w: width, h: HEIGHT };
      return (
        !taken.some((other) => overlaps(rect, other, 2)) && !bodies.some((other) => overlaps(rect, other, 1))
      );
    });
    const at = place ?? (denied ? pointOn(route.line, 0.5) : null);
    if (!at) continue;
    taken.push({ x: at.x - width / 2, y: at.y - HEIGHT / 2, w: width, h: HEIGHT });
    badges.push({ id: edge.id, kind: denied ? 'denied' : 'rate', text, tag, at });
  }
  return badges;
}

const deniedText = (count: number, lit: boolean) =>
  lit ? `${exact(count)} denied` : count < 10_000 ? exact(count) : short(count);
