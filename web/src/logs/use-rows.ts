import { useCallback, useMemo } from 'react';
import type { LogKind } from '../domain/log-kinds';
import type { Rows } from './LogTable';
import { lengthOf, rowAt } from './pages';
import { type Arrival, isGap } from './tail';
import type { LogPages } from './use-log-pages';

/** What arrived on top of what was asked for, each record once. */
export function useRows(held: LogPages, kind: LogKind, arrivals: readonly Arrival[], tailing: boolean): Rows {
  const { pages, current } = held;
  // Rows of another kind have other columns.
  const mine = held.kind === kind;
  const top = useMemo(() => {
    if (!tailing) return [];
    const asked = new Set(pages.pages[0]?.rows?.map((record) => record.id));
    return arrivals.filter((each) => isGap(each) || !asked.has(each.id));
  }, [arrivals, pages, tailing]);
  const below = mine ? lengthOf(pages) : 0;
  const at = useCallback(
    (index: number) => (index < top.length ? (top[index] ?? null) : rowAt(pages, index - top.length)),
    [top, pages],
  );
  return useMemo(
    () => ({ count: top.length + below, above: top.length, at, more: mine && pages.more, waiting: !current }),
    [top.length, below, at, mine, pages.more, current],
  );
}
