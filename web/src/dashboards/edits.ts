/** What people do to a dashboard, each as a document from a document, and the way back. */
import {
  type Calendar,
  type DashboardDocument,
  FOLDS,
  MOST_WIDGETS,
  type Place,
  type Widget,
  type WidgetKind,
} from './document';
import { compacted, gapFor, put } from './layout';

export interface History {
  saved: DashboardDocument;
  now: DashboardDocument;
  past: readonly { document: DashboardDocument; did: string }[];
}

const REMEMBERED = 100;

export const opened = (saved: DashboardDocument): History => ({ saved, now: saved, past: [] });

/** Typing in one field makes one step, so that undoing does not go letter by letter. */
export function changed(history: History, now: DashboardDocument, did: string): History {
  if (now === history.now) return history;
  const last = history.past.at(-1);
  const past =
    last?.did === did && did.startsWith('Change ')
      ? history.past
      : [...history.past, { document: history.now, did }].slice(-REMEMBERED);
  return { ...history, now, past };
}

export function undone(history: History): History {
  const last = history.past.at(-1);
  return last ? { ...history, now: last.document, past: history.past.slice(0, -1) } : history;
}

export const isDirty = ({ saved, now }: History): boolean =>
  saved !== now && JSON.stringify(saved) !== JSON.stringify(now);

export const moved = (document: DashboardDocument, id: string, place: Place): DashboardDocument => ({
  ...document,
  widgets: put(document.widgets, id, place),
});

export const removed = (document: DashboardDocument, id: string): DashboardDocument => ({
  ...document,
  widgets: compacted(document.widgets.filter((widget) => widget.id !== id)),
});

export const replaced = (document: DashboardDocument, widget: Widget): DashboardDocument => ({
  ...document,
  widgets: document.widgets.map((other) => (other.id === widget.id ? widget : other)),
});

const SIZES: Record<WidgetKind, [number, number]> = {
  number: [3, 3],
  timeseries: [6, 5],
  bars: [4, 6],
  table: [6, 6],
  pie: [4, 5],
  heatmap: [6, 6],
};

/** Puts a new widget into the first gap; null where the document is full. */
export function added(document: DashboardDocument, like: Omit<Widget, 'id' | 'place'>): Addition | null {
  if (document.widgets.length >= MOST_WIDGETS) return null;
  const [w, h] = SIZES[like.kind];
  const widget = { ...like, id: freeId(document.widgets), place: gapFor(document.widgets, w, h) };
  return { document: { ...document, widgets: [...document.widgets, widget] }, id: widget.id };
}

export interface Addition {
  document: DashboardDocument;
  id: string;
}

export function duplicated(document: DashboardDocument, id: string): Addition | null {
  const widget = document.widgets.find((other) => other.id === id);
  if (!widget || document.widgets.length >= MOST_WIDGETS) return null;
  const { w, h } = widget.place;
  const copy = {
    ...widget,
    id: freeId(document.widgets),
    title: `Copy of ${widget.title}`.slice(0, 120),
    place: gapFor(document.widgets, w, h),
  };
  return { document: { ...document, widgets: [...document.widgets, copy] }, id: copy.id };
}

function freeId(widgets: readonly Widget[]): string {
  const taken = new Set(widgets.map(({ id }) => id));
  let at = widgets.length + 1;
  while (taken.has(`widget_${at}`)) at += 1;
  return `widget_${at}`;
}

/** A query cut down or filled up to what a kind of widget can show. */
export function reshaped({ calendar, ...widget }: Widget, kind: WidgetKind): Widget {
  const { query } = widget;
  const groups = query.groupBy ?? [];
  const one = query.metrics.slice(0, 1);
  const untimed = { ...query, interval: null };
  const some = groups.length ? groups : [SUBJECT[query.kind]];
  switch (kind) {
    case 'number':
      return { ...widget, kind, query: { ...untimed, groupBy: [], metrics: one } };
    case 'timeseries': {
      const metrics = groups.length ? one : query.metrics;
      return { ...widget, kind, query: { ...query, metrics, interval: query.interval ?? 'auto' } };
    }
    case 'bars':
      return { ...widget, kind, query: { ...untimed, groupBy: some.slice(0, 2) } };
    case 'table':
      return { ...widget, kind, query: { ...untimed, groupBy: some } };
    case 'pie':
      return { ...widget, kind, query: { ...untimed, groupBy: some.slice(0, 1), metrics: one } };
    case 'heatmap': {
      if (calendar) return { ...widget, calendar, kind, query: { ...untimed, groupBy: [], metrics: one } };
      const shape =
        groups.length > 1
          ? { groupBy: groups.slice(0, 2), interval: null }
          : { groupBy: some.slice(0, 1), interval: query.interval ?? ('auto' as const) };
      return { ...widget, kind, query: { ...query, ...shape, metrics: one } };
    }
  }
}

/** A heat map with the rows of a calendar, or with groups again. */
export function withCalendar({ calendar: _, ...widget }: Widget, calendar: Calendar | null): Widget {
  if (!calendar) return reshaped(widget, 'heatmap');
  const metrics = widget.query.metrics.filter(({ op }) => FOLDS.includes(op));
  const query = { ...widget.query, metrics: metrics.length ? metrics : [{ op: 'count' as const }] };
  return reshaped({ ...widget, query, calendar }, 'heatmap');
}

/** The field that a record of a kind is first told by. */
export const SUBJECT = {
  flows: 'source_namespace',
  dns: 'rcode',
  l7: 'response_code',
  audit: 'verb',
  bgp: 'peer',
  events: 'kind',
  alerts: 'kind',
} as const;
