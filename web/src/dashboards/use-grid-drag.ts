import { type PointerEvent, type RefObject, useRef, useState } from 'react';
import { COLUMNS, type Place, type Widget } from './document';
import { held as holdIn, put } from './layout';

export const ROW_HEIGHT = 44;
export const GAP = 12;

interface Drag {
  id: string;
  mode: 'move' | 'size';
  from: Place;
  startX: number;
  startY: number;
}

/** Moves and sizes widgets with the pointer; the others make room while it is still held. */
export function useGridDrag(
  grid: RefObject<HTMLElement | null>,
  widgets: readonly Widget[],
  onPlace: (id: string, place: Place) => void,
) {
  const drag = useRef<Drag | null>(null);
  const [at, setAt] = useState<{ id: string; place: Place } | null>(null);

  const placeOf = (held: Drag, event: PointerEvent): Place => {
    const width = (grid.current?.clientWidth ?? 1200) + GAP;
    const dx = Math.round((event.clientX - held.startX) / (width / COLUMNS));
    const dy = Math.round((event.clientY - held.startY) / (ROW_HEIGHT + GAP));
    const { from } = held;
    return held.mode === 'move'
      ? holdIn({ ...from, x: from.x + dx, y: from.y + dy })
      : holdIn({ ...from, w: Math.min(from.w + dx, COLUMNS - from.x), h: from.h + dy });
  };

  const handle = (widget: Widget, mode: Drag['mode']) => ({
    onPointerDown: (event: PointerEvent) => {
      if (event.button !== 0) return;
      event.preventDefault();
      (event.target as Element).setPointerCapture(event.pointerId);
      drag.current = {
        id: widget.id,
        mode,
        from: widget.place,
        startX: event.clientX,
        startY: event.clientY,
      };
      setAt({ id: widget.id, place: widget.place });
    },
    onPointerMove: (event: PointerEvent) => {
      const held = drag.current;
      if (held?.id === widget.id) setAt({ id: held.id, place: placeOf(held, event) });
    },
    onPointerUp: (event: PointerEvent) => {
      const held = drag.current;
      drag.current = null;
      setAt(null);
      if (held) onPlace(held.id, placeOf(held, event));
    },
    onPointerCancel: () => {
      drag.current = null;
      setAt(null);
    },
  });

  return { preview: at && put(widgets, at.id, at.place), held: at?.id ?? null, handle };
}
