import { useEffect, useRef, useState } from 'react';
import { plural } from '../domain/units';
import type { View } from './view';

const EVERY = 10_000;

/** Tells screen readers what changed, at most every ten seconds. */
export function Summary({ view }: { view: View | null }) {
  const latest = useRef(view);
  latest.current = view;
  const [text, setText] = useState('');
  const told = useRef<{ denied: Set<string>; nodes: number } | null>(null);

  useEffect(() => {
    const tell = () => {
      const now = latest.current;
      if (!now) return;
      const denied = new Set(now.edges.filter((edge) => edge.verdict !== 'allowed').map((edge) => edge.id));
      const before = told.current;
      told.current = { denied, nodes: now.nodes.length };
      if (!before) {
        setText(
          `${plural(now.nodes.length, 'node')}, ${plural(now.edges.length, 'edge')}, ${denied.size} with denied connections.`,
        );
        return;
      }
      const added = [...denied].filter((id) => !before.denied.has(id)).length;
      if (added) setText(`${plural(added, 'new denied path')}.`);
    };
    const first = setTimeout(tell, 1000);
    const timer = setInterval(tell, EVERY);
    return () => {
      clearTimeout(first);
      clearInterval(timer);
    };
  }, []);

  return (
    <p className="visually-hidden" role="status" aria-live="polite" data-testid="graph-summary">
      {text}
    </p>
  );
}
