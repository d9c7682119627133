import { useCallback } from 'react';
import { follow, freeze, isLive } from '../domain/time';
import { useUrlState } from './use-url-state';

/** Pauses on the present window, or follows now with a window of the same length. */
export function useLiveToggle(): () => void {
  const [state, update] = useUrlState();
  const { from, to } = state;
  return useCallback(() => {
    const range = { from, to };
    update(isLive(range) ? freeze(range, Date.now()) : follow(range, Date.now()));
  }, [from, to, update]);
}
