import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import type { SearchParams } from '../domain/search-params';
import { decode, encode, type UrlState } from '../domain/url-state';
import { carried, type ScreenPath } from './screens';

type Patch = Partial<UrlState>;
/** A patch may depend on what the address says by then. */
export type Update = (
  patch: Patch | ((was: UrlState) => Patch),
  options?: { replace?: boolean; to?: ScreenPath },
) => void;

/** The state that the address holds, and the only way to change it. */
export function useUrlState(): [UrlState, Update] {
  const search = useSearch({ strict: false }) as SearchParams;
  const state = useMemo(() => decode(search), [search]);
  return [state, useUpdate()];
}

/** Of that state what is asked for: who asks is drawn anew when that changes, not at every change of the address. */
export function useUrlParts<Name extends keyof UrlState>(...names: Name[]): [Pick<UrlState, Name>, Update] {
  const parts = useSearch({
    strict: false,
    structuralSharing: true,
    select: (search) => {
      const state = decode(search as SearchParams);
      return Object.fromEntries(names.map((name) => [name, state[name]]));
    },
  } as Parameters<typeof useSearch>[0]);
  return [parts as Pick<UrlState, Name>, useUpdate()];
}

export function useUpdate(): Update {
  const navigate = useNavigate();
  return useCallback<Update>(
    (patch, options) => {
      navigate({
        to: options?.to ?? '.',
        search: (was: SearchParams) => {
          const state = decode(was);
          const here = options?.to ? carried(state, options.to) : state;
          return encode({ ...here, ...(typeof patch === 'function' ? patch(state) : patch) });
        },
        replace: options?.replace ?? false,
      } as Parameters<typeof navigate>[0]);
    },
    [navigate],
  );
}
