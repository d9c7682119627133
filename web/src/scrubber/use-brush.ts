import { type KeyboardEvent, type PointerEvent, type RefObject, useRef, useState } from 'react';

interface Input {
  box: RefObject<HTMLElement | null>;
  at: (px: number) => number;
  from: number;
  to: number;
  now: number;
  /** Whether the strip is the range, so that a drag inside can only begin a new one. */
  whole?: boolean;
  onRange: (from: number, to: number) => void;
}

interface Drag {
  mode: 'new' | 'move' | 'from' | 'to';
  start: number;
  from: number;
  to: number;
}

const SHORTEST = 10_000;

/** The range by dragging: its handles resize it, its middle moves it, elsewhere a new one begins. */
export function useBrush({ box, at, from, to, now, whole = false, onRange }: Input) {
  const drag = useRef<Drag | null>(null);
  const [window, setWindow] = useState<{ from: number; to: number } | null>(null);

  const moment = (event: PointerEvent) =>
    at(event.clientX - (box.current?.getBoundingClientRect().left ?? 0));
  const begin = (event: PointerEvent, mode?: 'from' | 'to') => {
    if (event.button !== 0) return;
    const start = moment(event);
    const inside = !whole && start > from && start < to;
    drag.current = { mode: mode ?? (inside ? 'move' : 'new'), start, from, to };
    box.current?.setPointerCapture(event.pointerId);
    event.stopPropagation();
  };
  const handlers = {
    onPointerDown: (event: PointerEvent) => begin(event),
    onPointerMove: (event: PointerEvent) => {
      if (drag.current) setWindow(dragged(drag.current, moment(event), now));
    },
    onPointerUp: (event: PointerEvent) => {
      const held = drag.current;
      drag.current = null;
      setWindow(null);
      if (!held) return;
      const end = moment(event);
      // A click without a drag is no range.
      if (Math.abs(end - held.start) < Math.abs(at(4) - at(0))) return;
      const next = dragged(held, end, now);
      onRange(next.from, next.to);
    },
  };
  const handleProps = (end: 'from' | 'to') => ({
    onPointerDown: (event: PointerEvent) => begin(event, end),
    onKeyDown: (event: KeyboardEvent) => {
      const way = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : 0;
      if (!way) return;
      event.preventDefault();
      event.stopPropagation();
      const by = (way * (to - from)) / 20;
      const next = dragged({ mode: end, start: 0, from, to }, (end === 'from' ? from : to) + by, now);
      onRange(next.from, next.to);
    },
  });
  return { window, handlers, handleProps };
}

/** Where a drag has brought the range. Nothing ends after now. */
export function dragged(drag: Drag, moment: number, now: number): { from: number; to: number } {
  const held = Math.min(moment, now);
  switch (drag.mode) {
    case 'from':
      return { from: Math.min(held, drag.to - SHORTEST), to: drag.to };
    case 'to':
      return { from: drag.from, to: Math.max(held, drag.from + SHORTEST) };
    case 'move': {
      const by = Math.min(moment - drag.start, now - drag.to);
      return { from: drag.from + by, to: drag.to + by };
    }
    case 'new': {
      const [low, high] = [Math.min(drag.start, held), Math.max(drag.start, held)];
      return { from: low, to: Math.max(high, low + SHORTEST) };
    }
  }
}
