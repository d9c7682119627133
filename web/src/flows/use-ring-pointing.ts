import { useCallback, useRef, useState } from 'react';

export type Pointed = { type: 'arc' | 'group' | 'link'; id: string } | null;

const ENTER = 60;
const LEAVE = 80;

/** What the pointer is on, or the keyboard: both bring the same forward. */
export function useRingPointing() {
  const [pointed, setPointed] = useState<Pointed>(null);
  const [focused, setFocused] = useState<string | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const point = useCallback((next: Pointed) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setPointed(next), next ? ENTER : LEAVE);
  }, []);
  return { pointed, point, focused, setFocused };
}
