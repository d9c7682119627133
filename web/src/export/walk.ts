/** From what is drawn, as plain values, to shapes in the order in which they are painted. Pure. */
import type { Colour, Matrix, Path, Picture, Shape, Words } from './picture';

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** One element as a browser laid it out and styled it. */
export interface Drawn {
  box: Box;
  /** Screen pixels for each of its own. */
  scale: number;
  visible: boolean;
  opacity: number;
  /** Its place among its siblings where it has one of its own; they are painted from the lowest up. */
  layer: number | null;
  /** Of an HTML element: its ground, its border, how round it is. */
  card: { fill: Colour | null; border: Colour | null; width: number; dashed: boolean; radius: number } | null;
  path: Omit<Path, 'kind'> | null;
  words: readonly Omit<Words, 'kind'>[];
  children: readonly Drawn[];
}

const MARGIN = 24;
const HERE: Matrix = [1, 0, 0, 1, 0, 0];

interface Painted {
  layer: number;
  shapes: Shape[];
  boxes: Box[];
}

export function pictureOf(drawn: Drawn, title: string, ground: Colour): Picture {
  const painted = settled(layersOf(drawn, 1));
  const boxes = painted.flatMap(({ boxes }) => boxes);
  const left = Math.min(...boxes.map(({ x }) => x), Infinity);
  const top = Math.min(...boxes.map(({ y }) => y), Infinity);
  const right = Math.max(...boxes.map(({ x, width }) => x + width), -Infinity);
  const foot = Math.max(...boxes.map(({ y, height }) => y + height), -Infinity);
  const some = boxes.length > 0;
  return {
    title,
    x: some ? left - MARGIN : 0,
    y: some ? top - MARGIN : 0,
    width: some ? right - left + 2 * MARGIN : 2 * MARGIN,
    height: some ? foot - top + 2 * MARGIN : 2 * MARGIN,
    ground,
    shapes: painted.flatMap(({ shapes }) => shapes),
  };
}

const settled = (layers: Painted[]): Painted[] => layers.sort((a, b) => a.layer - b.layer);

function layersOf(drawn: Drawn, opacity: number): Painted[] {
  const seen = opacity * drawn.opacity;
  if (seen === 0) return [];
  const own: Painted = { layer: 0, shapes: [], boxes: [] };
  if (drawn.visible) {
    own.shapes.push(...shapesOf(drawn, seen));
    if (own.shapes.length) own.boxes.push(drawn.box);
  }
  const all = [own, ...drawn.children.flatMap((child) => layersOf(child, seen))];
  if (drawn.layer === null) return all;
  const inside = settled(all);
  return [
    {
      layer: drawn.layer,
      shapes: inside.flatMap(({ shapes }) => shapes),
      boxes: inside.flatMap(({ boxes }) => boxes),
    },
  ];
}

function shapesOf({ box, scale, card, path, words }: Drawn, opacity: number): Shape[] {
  const shapes: Shape[] = [];
  const fill = faded(card?.fill ?? null, opacity);
  const border = card && card.width > 0 ? faded(card.border, opacity) : null;
  if (card && (fill || border) && box.width > 0 && box.height > 0) {
    const width = card.width * scale;
    shapes.push({
      ...{ kind: 'path', matrix: HERE, fill, stroke: border, width, hatched: false, round: false },
      d: rounded(box, border ? width / 2 : 0, card.radius * scale),
      dash: card.dashed ? [4 * scale, 3 * scale] : [],
    });
  }
  if (path) {
    const [inner, line] = [faded(path.fill, opacity), faded(path.stroke, opacity)];
    if (inner || line) shapes.push({ kind: 'path', ...path, fill: inner, stroke: line });
  }
  for (const each of words) {
    const ink = faded(each.fill, opacity);
    if (ink && each.text.trim()) shapes.push({ kind: 'words', ...each, fill: ink });
  }
  return shapes;
}

function faded(colour: Colour | null, opacity: number): Colour | null {
  if (!colour || colour.alpha * opacity < 0.005) return null;
  return { hex: colour.hex, alpha: colour.alpha * opacity };
}

/** A box with round corners, drawn along the middle of its border. */
export function rounded({ x, y, width, height }: Box, inset: number, radius: number): string {
  const [w, h] = [Math.max(0, width - 2 * inset), Math.max(0, height - 2 * inset)];
  const r = Math.max(0, Math.min(radius - inset, w / 2, h / 2));
  const [left, top] = [x + inset, y + inset].map(tidy);
  const [across, down] = [tidy(w - 2 * r), tidy(h - 2 * r)];
  const turn = (dx: number, dy: number) => (r ? `a${tidy(r)} ${tidy(r)} 0 0 1 ${tidy(dx)} ${tidy(dy)}` : '');
  return `M${tidy((left as number) + r)} ${top}h${across}${turn(r, r)}v${down}${turn(-r, r)}h${-across}${turn(-r, -r)}v${-down}${turn(r, -r)}Z`;
}

const tidy = (value: number): number => Math.round(value * 100) / 100;
