import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Update } from '../shell/use-url-state';
import { afterPaint } from './after-paint';

/** The open namespaces. The picture follows a press at once; the address follows the picture. */
export function useOpened(inAddress: readonly string[], update: Update): [string[], (id: string) => void] {
  const address = inAddress.join('\n');
  const [ahead, setAhead] = useState<string | null>(null);
  const key = ahead ?? address;
  const opened = useMemo(() => (key ? key.split('\n') : []), [key]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever the address has caught up, or gone elsewhere
  useEffect(() => setAhead(null), [address]);

  const waiting = useRef<() => void>(undefined);
  useEffect(() => () => waiting.current?.(), []);

  const toggle = useCallback(
    (id: string) => {
      const next = opened.includes(id) ? opened.filter((each) => each !== id) : [...opened, id];
      setAhead(next.join('\n'));
      waiting.current?.();
      waiting.current = afterPaint(() => update({ open: next }));
    },
    [opened, update],
  );
  return [opened, toggle];
}
