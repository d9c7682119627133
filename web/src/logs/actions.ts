import { useCallback, useMemo, useState } from 'react';
import type { UrlState } from '../domain/url-state';
import { negated, refined } from '../kql/conjuncts';

/** What can be done with a value anywhere on the page. */
export interface Actions {
  include: (part: string) => void;
  exclude: (part: string) => void;
  copy: (text: string) => void;
  /** What was done last, for those who do not see it. */
  said: string;
}

export function useActions(query: string, update: (patch: Partial<UrlState>) => void): Actions {
  const [said, setSaid] = useState('');
  const include = useCallback(
    (part: string) => {
      update({ query: refined(query, part) });
      setSaid(`Filtered for ${part}`);
    },
    [query, update],
  );
  const exclude = useCallback(
    (part: string) => {
      update({ query: refined(query, negated(part)) });
      setSaid(`Filtered out ${part}`);
    },
    [query, update],
  );
  const copy = useCallback((text: string) => {
    navigator.clipboard
      .writeText(text)
      .then(() => setSaid('Copied'))
      .catch(() => setSaid('The browser did not let this page copy.'));
  }, []);
  return useMemo(() => ({ include, exclude, copy, said }), [include, exclude, copy, said]);
}
