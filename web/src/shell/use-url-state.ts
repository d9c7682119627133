import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import type { SearchParams } from '../domain/search-params';
import { decode, encode, type UrlState } from '../domain/url-state';
import { carried, type ScreenPath } from './screens';

export type Update = (patch: Partial<UrlState>, options?: { replace?: boolean; to?: ScreenPath }) => void;

/** The state that the address holds, and the only way to change it. */
export function useUrlState(): [UrlState, Update] {
  const search = useSearch({ strict: false }) as SearchParams;
  const navigate = useNavigate();
  const state = useMemo(() => decode(search), [search]);
  const update = useCallback<Update>(
    (patch, options) => {
      navigate({
        to: options?.to ?? '.',
        search: (was: SearchParams) => {
          const state = decode(was);
          return encode({ ...(options?.to ? carried(state, options.to) : state), ...patch });
        },
        replace: options?.replace ?? false,
      } as Parameters<typeof navigate>[0]);
    },
    [navigate],
  );
  return [state, update];
}
