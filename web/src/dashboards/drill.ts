/** From a mark to the logs behind it: the kind, the filter and the time of exactly that mark. */
import { isoSeconds } from '../domain/time';
import { allOf } from '../kql/build';
import { phrase } from '../kql/quote';
import type { DashboardDocument } from './document';
import { groupsOf, type Kind, type Widget } from './document';
import { ownFilter, type Values } from './variables';

export interface Drill {
  kind: Kind;
  query: string;
  from: string;
  to: string;
}

export interface Mark {
  /** Of the first groups; what a mark does not split by is left out. */
  keys: readonly (string | null | undefined)[];
  from: number;
  to: number;
  /** What else tells its records, in KQL. */
  within?: string;
}

export function drillTo(
  widget: Widget,
  mark: Mark,
  scope: { document: DashboardDocument; values: Values },
): Drill {
  const { query } = widget;
  const named = groupsOf(query).map((field, at) => {
    const key = mark.keys[at];
    if (key === undefined) return null;
    return key === null ? `not ${field} : *` : `${field} : ${phrase(key)}`;
  });
  return {
    kind: query.kind,
    query: allOf([widget.drill ?? query.filter, ownFilter(query.kind, scope), ...named, mark.within]) ?? '',
    from: isoSeconds(mark.from),
    // The logs take whole seconds, and the last one belongs to the mark.
    to: isoSeconds(Math.ceil(mark.to / 1000) * 1000),
  };
}
