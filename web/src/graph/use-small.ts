import { useSyncExternalStore } from 'react';

const QUERY = '(max-width: 899px)';

/** Whether the window is too narrow for the picture, so that the table stands in. */
export const useSmall = (): boolean =>
  useSyncExternalStore(
    (listener) => {
      const media = matchMedia(QUERY);
      media.addEventListener('change', listener);
      return () => media.removeEventListener('change', listener);
    },
    () => matchMedia(QUERY).matches,
  );
