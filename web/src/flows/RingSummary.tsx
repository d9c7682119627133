import { useEffect, useRef, useState } from 'react';
import { plural } from '../domain/units';
import type { Ring } from './ring';

const EVERY = 10_000;

/** Tells screen readers what is shown, at most every ten seconds and only where it changed. */
export function RingSummary({ ring }: { ring: Ring | null }) {
  const latest = useRef(ring);
  latest.current = ring;
  const [text, setText] = useState('');
  useEffect(() => {
    const tell = () => {
      const now = latest.current;
      if (!now) return;
      const denied = now.links.filter(({ verdict }) => verdict === 'denied').length;
      setText(
        `${plural(now.arcs.length, 'name')}, ${plural(now.links.length, 'flow')}, ${denied} of them denied.`,
      );
    };
    const first = setTimeout(tell, 1000);
    const timer = setInterval(tell, EVERY);
    return () => {
      clearTimeout(first);
      clearInterval(timer);
    };
  }, []);
  return (
    <p className="visually-hidden" role="status" aria-live="polite">
      {text}
    </p>
  );
}
