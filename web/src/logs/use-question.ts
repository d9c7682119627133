import { useMemo } from 'react';
import { KINDS, type LogKind } from '../domain/log-kinds';
import type { AskedRange } from '../domain/time';
import type { UrlState } from '../domain/url-state';
import { allOf, inNamespaces } from '../kql/build';
import { type Order, readSort } from './columns';

/** What the page asks: of one kind, over a range, with a filter, in an order. */
export interface Question {
  kind: LogKind;
  range: AskedRange;
  clusters: string[] | null;
  filter: string | null;
  orderBy: Order | null;
}

export function useQuestion(state: UrlState): Question {
  const { kind, from, to, cluster, query, sort } = state;
  const scope = inNamespaces(state.namespaces, KINDS[kind].namespaces);
  return useMemo(
    () => ({
      kind,
      range: { from, to },
      clusters: cluster ? [cluster] : null,
      filter: allOf([scope, query]),
      orderBy: readSort(sort),
    }),
    [kind, from, to, cluster, query, sort, scope],
  );
}
