/** A drawing as plain shapes, and its SVG. Whatever a name says is text in it. Pure. */

/** a b c d e f, as SVG and canvases have it. */
export type Matrix = readonly [number, number, number, number, number, number];

export interface Colour {
  /** `#rrggbb` */
  hex: string;
  alpha: number;
}

export interface Path {
  kind: 'path';
  d: string;
  matrix: Matrix;
  fill: Colour | null;
  /** Filled with lines rather than whole. */
  hatched: boolean;
  stroke: Colour | null;
  width: number;
  dash: readonly number[];
  round: boolean;
}

export interface Words {
  kind: 'words';
  text: string;
  matrix: Matrix;
  size: number;
  weight: number;
  mono: boolean;
  anchor: 'start' | 'middle' | 'end';
  fill: Colour;
}

export type Shape = Path | Words;

export interface Picture {
  title: string;
  x: number;
  y: number;
  width: number;
  height: number;
  ground: Colour;
  shapes: readonly Shape[];
}

export const SANS = "'Inter Variable', Inter, 'Segoe UI', Helvetica, Arial, sans-serif";
export const MONO = "'JetBrains Mono Variable', 'JetBrains Mono', Menlo, Consolas, monospace";
export const HATCH = 7;

/** What XML has no way to say, a NUL among it, is shown as the mark for that. */
const UNSAYABLE =
  /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]|[\ud800-\udbff](?![\udc00-\udfff])/gu;
const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export const escaped = (text: string): string =>
  text.replace(UNSAYABLE, '\ufffd').replace(/[&<>"']/g, (sign) => ESCAPES[sign] as string);

export function toSvg(picture: Picture): string {
  const { x, y, width, height, ground } = picture;
  const box = `x="${n(x)}" y="${n(y)}" width="${n(width)}" height="${n(height)}"`;
  const lines = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${[x, y, width, height].map(n).join(' ')}" width="${n(width)}" height="${n(height)}">`,
    `<title>${escaped(picture.title)}</title>`,
    ...hatches(picture.shapes),
    `<rect ${box}${paint('fill', ground)}/>`,
    ...picture.shapes.map((shape) => (shape.kind === 'path' ? pathOf(shape) : wordsOf(shape))),
    '</svg>',
  ];
  return `${lines.join('\n')}\n`;
}

const n = (value: number): string => String(Math.round(value * 100) / 100);
const moved = (matrix: Matrix): string =>
  matrix.join() === '1,0,0,1,0,0'
    ? ''
    : ` transform="matrix(${matrix.map((value) => String(Math.round(value * 1e4) / 1e4)).join(' ')})"`;

function paint(what: 'fill' | 'stroke', colour: Colour | null): string {
  if (!colour) return ` ${what}="none"`;
  return ` ${what}="${colour.hex}"${colour.alpha < 1 ? ` ${what}-opacity="${n(colour.alpha)}"` : ''}`;
}

const hatchId = ({ hex }: Colour): string => `hatch-${hex.slice(1)}`;

function hatches(shapes: readonly Shape[]): string[] {
  const colours = new Map<string, Colour>();
  for (const shape of shapes)
    if (shape.kind === 'path' && shape.hatched && shape.fill) colours.set(shape.fill.hex, shape.fill);
  return [...colours.values()].map(
    (colour) =>
      `<defs><pattern id="${hatchId(colour)}" width="${HATCH}" height="${HATCH}" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">` +
      `<rect width="${HATCH}" height="${HATCH}" fill="${colour.hex}" fill-opacity="0.16"/>` +
      `<path d="M1.5 0V${HATCH}" stroke="${colour.hex}" stroke-width="2.2" stroke-opacity="0.75"/></pattern></defs>`,
  );
}

function pathOf(path: Path): string {
  const fill =
    path.hatched && path.fill
      ? ` fill="url(#${hatchId(path.fill)})"${path.fill.alpha < 1 ? ` fill-opacity="${n(path.fill.alpha)}"` : ''}`
      : paint('fill', path.fill);
  const stroke = path.stroke
    ? `${paint('stroke', path.stroke)} stroke-width="${n(path.width)}"` +
      (path.dash.length ? ` stroke-dasharray="${path.dash.map(n).join(' ')}"` : '') +
      (path.round ? ' stroke-linecap="round" stroke-linejoin="round"' : '')
    : '';
  return `<path d="${escaped(path.d)}"${moved(path.matrix)}${fill}${stroke}/>`;
}

function wordsOf(words: Words): string {
  const family = words.mono ? MONO : SANS;
  return (
    `<text${moved(words.matrix)} font-family="${escaped(family)}" font-size="${n(words.size)}"` +
    ` font-weight="${words.weight}" text-anchor="${words.anchor}"${paint('fill', words.fill)}` +
    ` xml:space="preserve">${escaped(words.text)}</text>`
  );
}
