import { replaceEqualDeep } from '@tanstack/react-router';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { UrlState } from '../domain/url-state';
import type { Update } from '../shell/use-url-state';
import { afterPaint } from './after-paint';

/**
 * The address' state, and what opens and closes a namespace. The picture follows a press at once, the address
 * follows the picture; the state is the same object until it says something else, so that nothing is drawn twice.
 */
export function useOpened(inAddress: UrlState, update: Update): [UrlState, (id: string) => void] {
  const address = inAddress.open.join('\n');
  const [ahead, setAhead] = useState<string | null>(null);
  const key = ahead ?? address;
  const last = useRef(inAddress);
  const state = useMemo(
    () => replaceEqualDeep(last.current, { ...inAddress, open: key ? key.split('\n') : [] }),
    [inAddress, key],
  );
  useEffect(() => {
    last.current = state;
  }, [state]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever the address has caught up, or gone elsewhere
  useEffect(() => setAhead(null), [address]);

  const waiting = useRef<() => void>(undefined);
  useEffect(() => () => waiting.current?.(), []);

  const { open } = state;
  const toggle = useCallback(
    (id: string) => {
      const next = open.includes(id) ? open.filter((each) => each !== id) : [...open, id];
      setAhead(next.join('\n'));
      waiting.current?.();
      waiting.current = afterPaint(() => update({ open: next }));
    },
    [open, update],
  );
  return [state, toggle];
}
