import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import { decode, encode, type SearchParams, type UrlState } from '../domain/url-state';

export type Update = (
  patch: Partial<UrlState>,
  options?: { replace?: boolean; to?: '/' | '/alerts' },
) => void;

/** The state that the address holds, and the only way to change it. */
export function useUrlState(): [UrlState, Update] {
  const search = useSearch({ strict: false }) as SearchParams;
  const navigate = useNavigate();
  const state = useMemo(() => decode(search), [search]);
  const update = useCallback<Update>(
    (patch, options) => {
      navigate({
        to: options?.to ?? '.',
        search: (was: SearchParams) => encode({ ...decode(was), ...patch }),
        replace: options?.replace ?? false,
      } as Parameters<typeof navigate>[0]);
    },
    [navigate],
  );
  return [state, update];
}
