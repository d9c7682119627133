import type { Metric as Measure, Query, Unit } from '../dashboards/document';
import { KINDS, type KindInfo, type LogKind } from '../domain/log-kinds';
import { DEFAULTS, type UrlState } from '../domain/url-state';

/** A preset as docs/dashboards.md describes it. The server judges it; here it is only read and written. */
export type View = 'logs' | 'table' | 'unanswered' | 'compare';

export type Metric = Measure & { unit?: Unit | null };
export type GroupQuery = Omit<Query, 'kind' | 'metrics'> & { metrics: Metric[] };

export interface PresetDocument {
  format: 1;
  title: string;
  question: string;
  explanation?: string;
  kind: string;
  filter?: string;
  columns?: string[];
  orderBy?: { field: string; direction: 'asc' | 'desc' } | null;
  view?: View;
  query?: (GroupQuery & { kind: string }) | null;
}

/** Where a preset leads: its kind, filter, columns and order, with the range and scope as they are. */
export function applied(id: string, kind: LogKind, document: PresetDocument): Partial<UrlState> {
  const { record, tail } = DEFAULTS;
  const { orderBy } = document;
  return {
    kind,
    query: document.filter ?? '',
    columns: document.columns ?? [],
    sort: orderBy ? `${orderBy.direction === 'desc' ? '-' : ''}${orderBy.field}` : null,
    preset: id,
    record,
    tail,
  };
}

interface Words {
  title: string;
  question: string;
}

/** What the page shows as a preset. One that was made from another keeps how that one shows it. */
export function written(
  words: Words,
  state: UrlState,
  fields: readonly string[],
  from: PresetDocument | null,
): PresetDocument {
  const info: KindInfo = KINDS[state.kind];
  const same = from?.kind === info.slug ? from : null;
  return {
    format: 1,
    ...words,
    explanation: same?.explanation ?? '',
    kind: info.slug,
    filter: state.query,
    columns: state.columns.length ? [...new Set(fields)] : [],
    orderBy: state.sort
      ? { field: state.sort.replace(/^-/, ''), direction: state.sort.startsWith('-') ? 'desc' : 'asc' }
      : null,
    view: same?.view ?? 'logs',
    query: same?.query ?? null,
  };
}
