/** Drafts that live as long as the tab does, by cluster and object; a link brings a short one along. */
import { useCallback, useEffect, useState } from 'react';

const LONGEST_LINK = 1500;

export const recall = (key: string): string | null => {
  try {
    return sessionStorage.getItem(key);
  } catch {
    return null;
  }
};

export function remember(key: string, text: string | null): void {
  try {
    if (text === null) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, text);
  } catch {
    // Storage that is full or forbidden only means that a reload forgets the draft.
  }
}

/** Leaves a draft that the what-if page opens with. */
export const leaveDraft = (cluster: string, object: string, text: string): void =>
  remember(keyOf(cluster, object), text);

const keyOf = (cluster: string, object: string): string => `tapetum.draft:${cluster}:${object}`;

export const linkable = (text: string): boolean => text.length <= LONGEST_LINK;

/** The draft's text, null while there is none. What a link brought comes first, until somebody types. */
export function useDraft(
  cluster: string,
  object: string,
  brought: string | null,
): [string | null, (text: string | null) => void] {
  const key = keyOf(cluster, object);
  const [held, setHeld] = useState({ key, text: brought ?? recall(key) });
  const text = held.key === key ? held.text : (brought ?? recall(key));
  const write = useCallback(
    (next: string | null) => {
      remember(key, next);
      setHeld({ key, text: next });
    },
    [key],
  );
  useEffect(() => {
    if (brought !== null) write(brought);
  }, [brought, write]);
  return [text, write];
}
