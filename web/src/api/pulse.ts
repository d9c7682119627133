import { useSyncExternalStore } from 'react';

/** When live data last arrived, and how old it was then: what the live chip shows. */
export interface Beat {
  asOf: number;
  receivedAt: number;
  stale: boolean;
}

const listeners = new Set<() => void>();
let beat: Beat | null = null;

export const pulse = {
  beat(next: Beat): void {
    beat = next;
    for (const listener of listeners) listener();
  },
  current: (): Beat | null => beat,
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};

export const usePulse = (): Beat | null => useSyncExternalStore(pulse.subscribe, pulse.current);
