import { type KeyboardEvent, type PointerEvent, useState } from 'react';

const LEAST = 110;
const START = 220;
const most = () => Math.max(LEAST, window.innerHeight - 420);

/** The dock's height: dragged, or moved by arrow keys on its grip. */
export function useDockHeight() {
  const [height, setHeight] = useState(() => (window.innerHeight < 860 ? 160 : START));
  const [open, setOpen] = useState(() => window.innerHeight >= 640);
  const set = (next: number) => setHeight(Math.round(Math.min(most(), Math.max(LEAST, next))));
  const grip = {
    'aria-label': 'Height of the flows',
    'aria-orientation': 'horizontal' as const,
    'aria-valuenow': height,
    'aria-valuemin': LEAST,
    'aria-valuemax': most(),
    tabIndex: 0,
    onPointerDown: (event: PointerEvent<HTMLElement>) =>
      event.currentTarget.setPointerCapture(event.pointerId),
    onPointerMove: (event: PointerEvent<HTMLElement>) => {
      if (event.currentTarget.hasPointerCapture(event.pointerId)) set(window.innerHeight - event.clientY);
    },
    onKeyDown: (event: KeyboardEvent<HTMLElement>) => {
      if (event.key === 'ArrowUp') set(height + 30);
      if (event.key === 'ArrowDown') set(height - 30);
    },
  };
  return { height, open, toggle: () => setOpen((was) => !was), grip };
}
