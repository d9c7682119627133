import { readColour } from './colour';
import type { Picture } from './picture';
import { readDrawn } from './read';
import { pictureOf } from './walk';

/** A picture of what stands in an element now, on the ground of the page. */
export function drawnPicture(root: Element, title: string): Picture {
  const canvas = getComputedStyle(document.documentElement).getPropertyValue('--canvas').trim();
  const ground = readColour(canvas) ?? { hex: '#ffffff', alpha: 1 };
  return pictureOf(readDrawn(root, root.getBoundingClientRect()), title, ground);
}
