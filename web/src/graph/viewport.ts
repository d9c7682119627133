import type { Rect } from './layout/size';

export interface Camera {
  x: number;
  y: number;
  zoom: number;
}

export const ZOOM = { least: 0.1, most: 2 };

/** The camera that shows `bounds` whole, clear of what floats over the canvas. */
export function frame(bounds: Rect | null, width: number, height: number, largest = 1.15): Camera {
  const clear = { left: 24, right: 24, top: 52, bottom: 60 };
  const w = Math.max(50, width - clear.left - clear.right);
  const h = Math.max(50, height - clear.top - clear.bottom);
  if (!bounds) return { x: 0, y: 0, zoom: 1 };
  const zoom = Math.min(largest, Math.max(ZOOM.least, Math.min(w / bounds.w, h / bounds.h)));
  return {
    x: clear.left + (w - bounds.w * zoom) / 2 - bounds.x * zoom,
    y: clear.top + (h - bounds.h * zoom) / 2 - bounds.y * zoom,
    zoom,
  };
}

/** The least movement that brings a box into view, farther off where it is larger; null where it is in view. */
export function reveal(camera: Camera, rect: Rect, width: number, height: number): Camera | null {
  const margin = 40;
  const zoom = Math.min(camera.zoom, (width - 2 * margin) / rect.w, (height - 2 * margin) / rect.h);
  if (zoom < camera.zoom) return frame(rect, width, height, camera.zoom);
  const shift = (from: number, length: number, offset: number, room: number) => {
    const start = from * zoom + offset;
    const end = (from + length) * zoom + offset;
    if (start < margin) return margin - start;
    return end > room - margin ? room - margin - end : 0;
  };
  const dx = shift(rect.x, rect.w, camera.x, width);
  const dy = shift(rect.y, rect.h, camera.y, height);
  return dx || dy ? { zoom, x: camera.x + dx, y: camera.y + dy } : null;
}
