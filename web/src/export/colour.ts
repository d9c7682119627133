/** Colours as a browser computes them, in its several ways to write one. Pure. */
import type { Colour } from './picture';

export function readColour(text: string): Colour | null {
  const rgb = /^rgba?\(([^)]+)\)$/.exec(text);
  if (rgb) {
    const [r = 0, g = 0, b = 0, alpha = 1] = numbers(rgb[1] as string);
    return made([r, g, b], alpha);
  }
  const srgb = /^color\(srgb ([^)]+)\)$/.exec(text);
  if (srgb) {
    const [r = 0, g = 0, b = 0, alpha = 1] = numbers(srgb[1] as string);
    return made([r * 255, g * 255, b * 255], alpha);
  }
  const hex = /^#([0-9a-f]{6})$/i.exec(text);
  return hex ? { hex: text.toLowerCase(), alpha: 1 } : null;
}

const numbers = (text: string): number[] =>
  text
    .split(/[\s,/]+/)
    .filter(Boolean)
    .map((part) => (part.endsWith('%') ? Number(part.slice(0, -1)) / 100 : Number(part)));

function made(channels: number[], alpha: number): Colour | null {
  if (alpha === 0 || channels.some(Number.isNaN)) return null;
  const hex = channels.map((value) =>
    Math.max(0, Math.min(255, Math.round(value)))
      .toString(16)
      .padStart(2, '0'),
  );
  return { hex: `#${hex.join('')}`, alpha };
}
