import { useSyncExternalStore } from 'react';

/** The high-contrast switch: a setting of this browser, kept beside the colour scheme. */
const KEY = 'tapetum.contrast';
const listeners = new Set<() => void>();

const isHigh = (): boolean => document.documentElement.dataset.contrast === 'high';

export function setHighContrast(high: boolean): void {
  if (high) document.documentElement.dataset.contrast = 'high';
  else delete document.documentElement.dataset.contrast;
  localStorage.setItem(KEY, high ? 'high' : 'normal');
  for (const listener of listeners) listener();
}

if (typeof document !== 'undefined' && localStorage.getItem(KEY) === 'high') {
  document.documentElement.dataset.contrast = 'high';
}

export const useHighContrast = (): boolean =>
  useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, isHigh);
