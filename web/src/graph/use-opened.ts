import { useCallback, useEffect, useMemo, useState } from 'react';
import type { Update } from '../shell/use-url-state';

/** The open namespaces. The picture follows a press at once; the address follows the picture. */
export function useOpened(inAddress: readonly string[], update: Update): [string[], (id: string) => void] {
  const key = inAddress.join('\n');
  const settled = useMemo(() => (key ? key.split('\n') : []), [key]);
  const [ahead, setAhead] = useState<string[] | null>(null);
  const opened = ahead ?? settled;

  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever the address has caught up, or gone elsewhere
  useEffect(() => setAhead(null), [settled]);

  const toggle = useCallback(
    (id: string) => {
      const next = opened.includes(id) ? opened.filter((each) => each !== id) : [...opened, id];
      setAhead(next);
      update({ open: next });
    },
    [opened, update],
  );
  return [opened, toggle];
}
