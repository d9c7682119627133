/** Changes that are tried together with the present one, before it and in their order. They live as long as the
 * tab does, by cluster; a link brings a few short ones along. */
import { useCallback, useEffect, useState } from 'react';
import type { PolicyChangeInput } from '../../gql/graphql';
import { CHANGES, type Change, changesOf, type Wish } from './change';
import { recall, remember } from './drafts';
import { readRef, writeRef } from './objects';

export type Kept = Wish;
export const MOST_KEPT = 50;

const NONE: Kept[] = [];
const keyOf = (cluster: string): string => `tapetum.kept:${cluster}`;
const isText = (value: unknown): value is string | null => value === null || typeof value === 'string';

/** What stands in storage or in a link; what is not understood is left out. */
export function readKept(text: string | null): Kept[] {
  let found: unknown;
  try {
    found = JSON.parse(text ?? '[]');
  } catch {
    return NONE;
  }
  if (!Array.isArray(found)) return NONE;
  return found.flatMap((each): Kept[] => {
    if (!Array.isArray(each)) return [];
    const [change, object, value, written] = each;
    if (!Object.hasOwn(CHANGES, change) || !isText(object) || !isText(value) || !isText(written)) return [];
    const kept = { change: change as Change, object: readRef(object), value, text: written };
    return changesOf(kept) ? [kept] : [];
  });
}

export const writeKept = (kept: readonly Kept[]): string =>
  JSON.stringify(
    kept.map(({ change, object, value, text }) => [change, object && writeRef(object), value, text]),
  );

/** As the API takes them, one for each. */
export const changesOfKept = (kept: readonly Kept[]): PolicyChangeInput[] =>
  kept.flatMap((each) => changesOf(each) ?? []);

/** Of which kept change a problem is, by its path; null where it is of the present one. */
export function keptPlace(path: string | null | undefined, count: number): number | null {
  const [, place] = /^changes\[(\d+)\]/.exec(path ?? '') ?? [];
  return place !== undefined && Number(place) < count ? Number(place) : null;
}

/** What it does, as a few words. */
export function wordsOf({ change, object, value, text }: Kept): string {
  const name = object?.name ?? '';
  switch (change) {
    case 'edit':
      return `${object ? 'Edit' : 'New'} ${name || nameIn(text)}`;
    case 'delete':
      return `Delete ${name}`;
    case 'reorder':
      return `Order of ${name}: ${value}`;
    case 'default':
      return `Default of ${name}: ${value === 'PASS' ? 'Pass' : 'Deny'}`;
    case 'labels':
      return `Labels of ${name}: ${value}`;
    case 'promote':
      return object ? `Promote ${name}` : 'Promote all that is staged';
  }
}

const nameIn = (text: string | null): string => /^ {2}name: *(\S+)/m.exec(text ?? '')?.[1] ?? 'object';

export function useKept(
  cluster: string,
  brought: string | null,
): [readonly Kept[], (kept: readonly Kept[]) => void] {
  const [kept, setKept] = useState<readonly Kept[]>(() => readKept(brought ?? recall(keyOf(cluster))));
  const write = useCallback(
    (next: readonly Kept[]) => {
      remember(keyOf(cluster), next.length ? writeKept(next) : null);
      setKept(next);
    },
    [cluster],
  );
  useEffect(() => {
    if (brought !== null) write(readKept(brought));
  }, [brought, write]);
  return [kept, write];
}
