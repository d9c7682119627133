/** Reads what a browser drew. The only part of the export that knows a document. */
import { readColour } from './colour';
import type { Matrix, Path, Words } from './picture';
import type { Drawn } from './walk';

const LEFT_OUT = 'button, .visually-hidden, .react-flow__handle, defs, title';

export function readDrawn(element: Element, origin: DOMRect): Drawn {
  const style = getComputedStyle(element);
  const box = element.getBoundingClientRect();
  const html = element instanceof HTMLElement;
  const scale = html && element.offsetWidth ? box.width / element.offsetWidth : 1;
  const children = [...element.children].filter((child) => !child.matches(LEFT_OUT));
  return {
    box: { x: box.x - origin.x, y: box.y - origin.y, width: box.width, height: box.height },
    scale,
    visible: style.visibility === 'visible' && style.display !== 'none',
    opacity: Number(style.opacity),
    layer: /^-?\d+$/.test(style.zIndex) ? Number(style.zIndex) : null,
    card: html ? cardOf(style) : null,
    path: element instanceof SVGGeometryElement ? pathOf(element, style, origin) : null,
    words: html ? htmlWords(element, style, scale, origin) : svgWords(element, style, origin),
    children: style.display === 'none' ? [] : children.map((child) => readDrawn(child, origin)),
  };
}

function cardOf(style: CSSStyleDeclaration): Drawn['card'] {
  const width = Number.parseFloat(style.borderTopWidth) || 0;
  return {
    fill: readColour(style.backgroundColor),
    border: readColour(style.borderTopColor),
    width,
    dashed: style.borderTopStyle === 'dashed' || style.borderTopStyle === 'dotted',
    radius: style.borderTopLeftRadius.endsWith('%') ? 1e4 : Number.parseFloat(style.borderTopLeftRadius) || 0,
  };
}

function matrixOf(element: SVGGraphicsElement, origin: DOMRect): Matrix {
  const { a = 1, b = 0, c = 0, d = 1, e = 0, f = 0 } = element.getScreenCTM() ?? {};
  return [a, b, c, d, e - origin.x, f - origin.y];
}

function pathOf(element: SVGGeometryElement, style: CSSStyleDeclaration, origin: DOMRect): Drawn['path'] {
  const d = shapeOf(element);
  if (!d) return null;
  const dash =
    style.strokeDasharray === 'none' ? [] : style.strokeDasharray.split(/[\s,]+/).map(Number.parseFloat);
  const opaque = (text: string, by: string) => {
    const colour = readColour(text);
    return colour && { ...colour, alpha: colour.alpha * Number(by) };
  };
  const hatched = style.fill.includes('url(');
  const path: Omit<Path, 'kind'> = {
    d,
    matrix: matrixOf(element, origin),
    fill: opaque(hatched ? style.stroke : style.fill, style.fillOpacity),
    hatched,
    stroke: opaque(style.stroke, style.strokeOpacity),
    width: Number.parseFloat(style.strokeWidth) || 0,
    dash,
    round: style.strokeLinecap === 'round',
  };
  return path.width > 0 ? path : { ...path, stroke: null };
}

function shapeOf(element: SVGGeometryElement): string | null {
  const value = (name: string) => Number(element.getAttribute(name) ?? 0);
  switch (element.tagName) {
    case 'path':
      return element.getAttribute('d');
    case 'rect':
      return `M${value('x')} ${value('y')}h${value('width')}v${value('height')}h${-value('width')}Z`;
    case 'line':
      return `M${value('x1')} ${value('y1')}L${value('x2')} ${value('y2')}`;
    case 'circle': {
      const r = value('r');
      return `M${value('cx') - r} ${value('cy')}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0Z`;
    }
    default:
      return null;
  }
}

const looks = (style: CSSStyleDeclaration, scale: number) => ({
  size: Number.parseFloat(style.fontSize) * scale,
  weight: Number(style.fontWeight) || 400,
  mono: /mono/i.test(style.fontFamily),
});

/** The text right in an element; what does not fit ends as it does on the screen. */
function htmlWords(
  element: HTMLElement,
  style: CSSStyleDeclaration,
  scale: number,
  origin: DOMRect,
): Drawn['words'] {
  const fill = readColour(style.color);
  if (!fill) return [];
  const words: Omit<Words, 'kind'>[] = [];
  for (const node of element.childNodes) {
    if (node.nodeType !== Node.TEXT_NODE || !node.nodeValue?.trim()) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const [rect] = range.getClientRects();
    if (!rect) continue;
    const look = looks(style, scale);
    const share = element.scrollWidth > element.clientWidth ? element.clientWidth / element.scrollWidth : 1;
    const cut = share < 1 && style.textOverflow === 'ellipsis';
    const text = node.nodeValue;
    words.push({
      ...look,
      fill,
      anchor: 'start',
      text: cut ? `${text.slice(0, Math.max(1, Math.floor(text.length * share) - 1))}…` : text,
      matrix: [1, 0, 0, 1, rect.x - origin.x, rect.y - origin.y + rect.height / 2 + look.size * 0.36],
    });
  }
  return words;
}

function svgWords(element: Element, style: CSSStyleDeclaration, origin: DOMRect): Drawn['words'] {
  if (!(element instanceof SVGTextContentElement) || element.querySelector('tspan')) return [];
  const text = element.textContent ?? '';
  const letters = element.getNumberOfChars();
  const colour = readColour(style.fill);
  if (!letters || !colour) return [];
  const anchor = style.textAnchor as Words['anchor'];
  const [first, last] = [element.getStartPositionOfChar(0), element.getEndPositionOfChar(letters - 1)];
  const part = anchor === 'end' ? 1 : anchor === 'middle' ? 0.5 : 0;
  const [x, y] = [first.x + (last.x - first.x) * part, first.y + (last.y - first.y) * part];
  const [a, b, c, d, e, f] = matrixOf(element, origin);
  return [
    {
      ...looks(style, 1),
      text,
      anchor,
      fill: { ...colour, alpha: colour.alpha * Number(style.fillOpacity) },
      matrix: [a, b, c, d, e + a * x + c * y, f + b * x + d * y],
    },
  ];
}
