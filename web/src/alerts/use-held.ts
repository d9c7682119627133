import { useMemo, useRef } from 'react';
import type { Alert } from '../domain/alert';

/**
 * What a picture shows: while it stands still, alerts that came since are not in it. They are counted and
 * listed everywhere else at once, and what became of those that it shows is seen in it too.
 */
export function useHeld(all: readonly Alert[], arrived: ReadonlySet<string>, still: boolean): Alert[] {
  const before = useRef<ReadonlySet<string> | null>(null);
  if (!still) before.current = null;
  else before.current ??= arrived;
  const known = before.current;
  return useMemo(
    () => all.filter(({ id }) => known === null || known.has(id) || !arrived.has(id)),
    [all, arrived, known],
  );
}
