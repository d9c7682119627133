import { useCallback } from 'react';
import { follow, freeze, isLive } from '../domain/time';
import { useUrlParts } from './use-url-state';

/** Pauses on the present window, or follows now with a window of the same length. */
export function useLiveToggle(): () => void {
  const [state, update] = useUrlParts('from', 'to');
  const { from, to } = state;
  return useCallback(() => {
    const range = { from, to };
    update(isLive(range) ? freeze(range, Date.now()) : follow(range, Date.now()));
  }, [from, to, update]);
}
