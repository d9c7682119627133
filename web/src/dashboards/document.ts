import { KINDS } from '../domain/log-kinds';

/** A dashboard as docs/dashboards.md describes it. The server judges it; here it is only read and changed. */
export const COLUMNS = 12;
export const MOST_WIDGETS = 60;
export const RECORDS = ['flows', 'dns', 'l7', 'audit', 'bgp', 'events', 'alerts'] as const;
export const WIDGETS = ['number', 'timeseries', 'bars', 'table', 'pie', 'heatmap'] as const;
export const CALENDARS = ['days', 'weekdays'] as const;
export const OPS = ['count', 'sum', 'avg', 'min', 'max', 'distinct'] as const;
/** What hours of several days can be put together of. */
export const FOLDS: readonly (typeof OPS)[number][] = ['count', 'sum', 'min', 'max'];
export const UNITS = [
  'count',
  'count/s',
  'bytes',
  'bytes/s',
  'packets',
  'packets/s',
  'ns',
  'us',
  'ms',
  's',
  'percent',
  'time',
] as const;

export type Kind = (typeof RECORDS)[number];
export type WidgetKind = (typeof WIDGETS)[number];
export type Calendar = (typeof CALENDARS)[number];
export type Op = (typeof OPS)[number];
export type Unit = (typeof UNITS)[number];

export interface Metric {
  op: Op;
  field?: string | null;
  label?: string | null;
  /** Where it is not the widget's. */
  unit?: Unit | null;
}

export interface Query {
  kind: Kind;
  filter?: string;
  groupBy?: string[];
  metrics: Metric[];
  interval?: number | 'auto' | null;
  limit?: number;
  reporters?: 'combined' | 'each';
}

export interface Place {
  x: number;
  y: number;
  w: number;
  h: number;
}

export interface Widget {
  id: string;
  title: string;
  description?: string;
  kind: WidgetKind;
  place: Place;
  query: Query;
  unit?: Unit;
  drill?: string | null;
  /** Of a heat map: its rows, where its columns are the hours of a day. */
  calendar?: Calendar | null;
}

export interface Variable {
  name: string;
  title: string;
  fields: Partial<Record<Kind, string[]>>;
  default?: string | null;
}

export interface DashboardDocument {
  format: 1;
  title: string;
  description?: string;
  range?: { from: string; to?: string } | null;
  variables?: Variable[];
  widgets: Widget[];
}

export const EMPTY: DashboardDocument = { format: 1, title: 'New dashboard', widgets: [] };

export const KIND_WORDS: Record<Kind, string> = {
  flows: 'Flows',
  dns: 'DNS',
  l7: 'L7',
  audit: 'Audit',
  bgp: 'BGP',
  events: 'Security events',
  alerts: 'Alerts',
};

export const WIDGET_WORDS: Record<WidgetKind, string> = {
  number: 'Number',
  timeseries: 'Time series',
  bars: 'Bars',
  table: 'Table',
  pie: 'Pie',
  heatmap: 'Heat map',
};

export const recordKind = (kind: Kind) => kind.toUpperCase() as Uppercase<Kind>;

/** Alerts are no log, but have a time and name both ends as security events do. */
function likeness(kind: Kind) {
  const upper = recordKind(kind);
  return KINDS[upper === 'ALERTS' ? 'EVENTS' : upper];
}

/** Fields that hold the namespaces of a record, for the scope that the page's bar sets. */
export const namespacesOf = (kind: Kind): readonly string[] => likeness(kind).namespaces;
export const timeFieldOf = (kind: Kind): string => likeness(kind).time;

export const groupsOf = (query: Query): string[] => query.groupBy ?? [];
/** What a field's values are, by its name. */
const FIELD_UNITS: [RegExp, Unit][] = [
  [/^bytes_/, 'bytes'],
  [/^(latency|duration)_(mean|max)$/, 'ns'],
  [/^tcp_\w*_rtt$/, 'us'],
  [/^(time|logtime|\w+_time|\w+Timestamp)$/, 'time'],
];

/** The unit of a measure: its own, else the widget's, but numbers of records and of different values have none. */
export function unitOf(
  widget: Widget,
  { op, field, unit }: Metric = widget.query.metrics[0] ?? { op: 'count' },
): Unit {
  if (unit) return unit;
  const written = widget.unit ?? 'count';
  const plain = op === 'distinct' || op === 'count';
  if (plain) return written.startsWith('count') ? written : 'count';
  if (written !== 'count') return written;
  return FIELD_UNITS.find(([name]) => name.test(field ?? ''))?.[1] ?? written;
}

/** What a metric is called where its author gave no name: `Sum of bytes_in`. */
export function metricWord({ op, field, label }: Metric): string {
  if (label) return label;
  if (op === 'count') return 'Records';
  const words: Record<Op, string> = {
    count: 'Records',
    sum: 'Sum of',
    avg: 'Mean of',
    min: 'Smallest',
    max: 'Largest',
    distinct: 'Different',
  };
  return `${words[op]} ${field ?? ''}`.trim();
}
