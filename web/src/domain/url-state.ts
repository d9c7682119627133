import { isShift } from './comparison';
import { LABELS, type Label } from './edge-label';
import type { Level } from './graph';
import { KINDS, kindOfSlug, type LogKind } from './log-kinds';
import { LISTED, type Listed, POWERS, readPower, STATUSES, type Status } from './ring-state';
import type { SearchParams } from './search-params';
import { DEFAULT_RANGE, isRange, resolve } from './time';
import { MEASURES, type Measure } from './traffic';

/** Everything that a link carries from one person to another. The theme is not among it. */
export interface UrlState {
  from: string;
  to: string;
  cluster: string | null;
  namespaces: string[];
  query: string;
  highlight: boolean;
  level: Level;
  open: string[];
  selection: Selection | null;
  measure: Measure;
  /** What is written at edges; null is the measure that their width has. */
  label: Label | null;
  show: Show;
  view: 'graph' | 'table';
  infra: Infra;
  /** Layers that are not shown as they are: `dimmed:ID` or `hidden:ID`. */
  layers: string[];
  /** What the dock tells, and which capture's summary there; null is the list of them. */
  dock: DockTab;
  capture: string | null;
  /** What the graph is compared with: `before`, `day`, `week`, or a time point where a range as long begins. */
  compare: string | null;
  /** The saved view that was opened, by its id. */
  saved: string | null;
  alert: string | null;
  /** Which alerts are listed, as KQL over alerts. */
  filter: string;
  /** Whether they are shown by tactic and technique too. */
  matrix: boolean;
  /** The alert rule that is read. */
  rule: string | null;
  /** What is to be left out of its filter: KQL. */
  except: string | null;
  /** What is opened beside a table of what is kept, by its id: a cluster, a feed, a target of alerts. */
  opened: string | null;
  /** The kind of log that `query` is about; only the logs page has others than flows. */
  kind: LogKind;
  /** Columns of the logs in order, each `field` or `field:width`; none are the kind's own. */
  columns: string[];
  /** A field, with `-` before it for the largest first; null is the newest first. */
  sort: string | null;
  record: string | null;
  preset: string | null;
  tail: boolean;
  /** Values of a dashboard's own variables, each `name:value`. */
  values: string[];
  edit: boolean;
  /** The widget that is shown large, or edited. */
  widget: string | null;
  /** The policy that the board tells about, which of them it shows, and words of their names. */
  policy: string | null;
  only: Only;
  find: string;
  /** An object of the cluster that a change is tried on: `kind:namespace/name`. */
  object: string | null;
  /** What is tried: see the what-if page's `CHANGES`. */
  change: string | null;
  /** What the change takes: an order, an action, labels; a template for what is new. */
  value: string | null;
  /** A short draft that a link brings along. */
  draft: string | null;
  /** Other changes that are tried with it, as a link brings them along. */
  kept: string | null;
  flip: string | null;
  /** Whose policies are recommended, beside the namespaces: a selector of Calico's. */
  selector: string;
  style: Style;
  /** How much of the range is learnt from: `all`, a share as `80%`, or a time point. */
  learn: string;
  /** Filters of what policies are not to be learnt from. */
  unwanted: string[];
  /** What alerts show is learnt from too. */
  alerted: boolean;
  /** The recommended policy that is read: `namespace/name`. */
  recommended: string | null;
  told: Told;
  /** The ring: which verdicts it shows, by what and by which power of it, how far it is entered, what is listed. */
  status: Status;
  size: Measure;
  power: number;
  zoom: string[];
  list: Listed;
}

export const DOCK_TABS = ['flows', 'captures'] as const;
export type DockTab = (typeof DOCK_TABS)[number];

const LEVELS = ['NAMESPACE', 'SERVICE', 'WORKLOAD'] as const satisfies readonly Level[];

export const ONLY = ['all', 'denying', 'staged', 'unused', 'idle'] as const;
export type Only = (typeof ONLY)[number];

export const STYLES = ['STAGED', 'CALICO', 'KUBERNETES'] as const;
export type Style = (typeof STYLES)[number];

/** What is told of a recommendation: its policies, what they would deny, what they leave out. */
export const TOLD = ['policies', 'denied', 'left-out'] as const;
export type Told = (typeof TOLD)[number];

export type Selection = { type: 'node' | 'edge'; id: string };
export const SHOWS = ['all', 'denied', 'new', 'changed', 'dns'] as const;
export type Show = (typeof SHOWS)[number];
export type Infra = 'dimmed' | 'shown' | 'hidden';

export const DEFAULTS: UrlState = {
  ...DEFAULT_RANGE,
  cluster: null,
  namespaces: [],
  query: '',
  highlight: false,
  level: 'NAMESPACE',
  open: [],
  selection: null,
  measure: 'bytes',
  label: null,
  show: 'all',
  view: 'graph',
  infra: 'dimmed',
  layers: [],
  dock: 'flows',
  capture: null,
  compare: null,
  saved: null,
  alert: null,
  filter: '',
  matrix: false,
  rule: null,
  except: null,
  opened: null,
  kind: 'FLOWS',
  columns: [],
  sort: null,
  record: null,
  preset: null,
  tail: false,
  values: [],
  edit: false,
  widget: null,
  policy: null,
  only: 'all',
  find: '',
  object: null,
  change: null,
  value: null,
  draft: null,
  kept: null,
  flip: null,
  selector: '',
  style: 'STAGED',
  learn: '80%',
  unwanted: [],
  alerted: false,
  recommended: null,
  told: 'policies',
  status: 'all',
  size: 'connections',
  power: POWERS.least,
  zoom: [],
  list: 'workloads',
};

const oneOf = <T extends string>(value: string | undefined, allowed: readonly T[], otherwise: T): T =>
  allowed.includes(value as T) ? (value as T) : otherwise;

const unique = (values: string[]) => [...new Set(values.filter(Boolean))];

/** Reads whatever stands in the address; what is not understood falls back to its default. */
export function decode(search: SearchParams): UrlState {
  const one = (name: string) => {
    const value = search[name];
    return Array.isArray(value) ? value[0] : value;
  };
  const many = (name: string) => unique([search[name] ?? []].flat());
  const range = { from: one('from') ?? DEFAULTS.from, to: one('to') ?? DEFAULTS.to };
  return {
    ...(isRange(range) ? range : DEFAULT_RANGE),
    cluster: one('cluster') || null,
    namespaces: many('ns'),
    query: one('q') ?? '',
    highlight: one('mode') === 'highlight',
    level: oneOf(one('level')?.toUpperCase(), LEVELS, DEFAULTS.level),
    open: many('open'),
    selection: readSelection(one('sel')),
    measure: oneOf(one('width'), MEASURES, DEFAULTS.measure),
    label: LABELS.find((each) => each === one('label')) ?? null,
    show: readShow(one('show'), one('compare')),
    view: oneOf(one('view'), ['graph', 'table'], DEFAULTS.view),
    infra: oneOf(one('infra'), ['dimmed', 'shown', 'hidden'], DEFAULTS.infra),
    layers: many('layer').filter((text) => /^(dimmed|hidden):./s.test(text)),
    dock: oneOf(one('dock'), DOCK_TABS, DEFAULTS.dock),
    capture: one('capture') || null,
    compare: readCompare(one('compare')),
    saved: one('saved') || null,
    alert: one('alert') || null,
    filter: one('filter') ?? '',
    matrix: one('matrix') === 'on',
    rule: one('rule') || null,
    except: one('except') || null,
    opened: one('opened') || null,
    kind: kindOfSlug(one('kind')),
    columns: many('col'),
    sort: one('sort') || null,
    record: one('rec') || null,
    preset: one('preset') || null,
    tail: one('tail') === 'on',
    values: many('var'),
    edit: one('edit') === 'on',
    widget: one('widget') || null,
    policy: one('policy') || null,
    only: oneOf(one('only'), ONLY, DEFAULTS.only),
    find: one('find') ?? '',
    object: one('object') || null,
    change: one('change') || null,
    value: one('value') ?? null,
    draft: one('draft') || null,
    kept: one('kept') || null,
    flip: one('flip') || null,
    selector: one('selector') ?? '',
    style: oneOf(one('style')?.toUpperCase(), STYLES, DEFAULTS.style),
    learn: one('learn') || DEFAULTS.learn,
    unwanted: many('unwanted'),
    alerted: one('alerted') === 'learn',
    recommended: one('recommended') || null,
    told: oneOf(one('told'), TOLD, DEFAULTS.told),
    status: oneOf(one('status'), STATUSES, DEFAULTS.status),
    size: oneOf(one('size'), MEASURES, DEFAULTS.size),
    power: readPower(one('power')),
    zoom: many('zoom'),
    list: oneOf(one('list'), LISTED, DEFAULTS.list),
  };
}

/** Only what differs from the default, so that links stay short. */
export function encode(state: UrlState): SearchParams {
  const search: SearchParams = {};
  if (state.from !== DEFAULTS.from || state.to !== DEFAULTS.to) {
    search.from = state.from;
    search.to = state.to;
  }
  if (state.cluster) search.cluster = state.cluster;
  if (state.namespaces.length) search.ns = state.namespaces;
  if (state.query) search.q = state.query;
  if (state.highlight) search.mode = 'highlight';
  if (state.level !== DEFAULTS.level) search.level = state.level.toLowerCase();
  if (state.open.length) search.open = state.open;
  if (state.selection) search.sel = `${state.selection.type}:${state.selection.id}`;
  if (state.measure !== DEFAULTS.measure) search.width = state.measure;
  if (state.label) search.label = state.label;
  if (state.show !== DEFAULTS.show) search.show = state.show;
  if (state.view !== DEFAULTS.view) search.view = state.view;
  if (state.infra !== DEFAULTS.infra) search.infra = state.infra;
  if (state.layers.length) search.layer = state.layers;
  if (state.dock !== DEFAULTS.dock) search.dock = state.dock;
  if (state.capture) search.capture = state.capture;
  if (state.compare) search.compare = state.compare;
  if (state.saved) search.saved = state.saved;
  if (state.alert) search.alert = state.alert;
  if (state.filter) search.filter = state.filter;
  if (state.matrix) search.matrix = 'on';
  if (state.rule) search.rule = state.rule;
  if (state.except) search.except = state.except;
  if (state.opened) search.opened = state.opened;
  if (state.kind !== DEFAULTS.kind) search.kind = KINDS[state.kind].slug;
  if (state.columns.length) search.col = state.columns;
  if (state.sort) search.sort = state.sort;
  if (state.record) search.rec = state.record;
  if (state.preset) search.preset = state.preset;
  if (state.tail) search.tail = 'on';
  if (state.values.length) search.var = state.values;
  if (state.edit) search.edit = 'on';
  if (state.widget) search.widget = state.widget;
  if (state.policy) search.policy = state.policy;
  if (state.only !== DEFAULTS.only) search.only = state.only;
  if (state.find) search.find = state.find;
  if (state.object) search.object = state.object;
  if (state.change) search.change = state.change;
  if (state.value !== null) search.value = state.value;
  if (state.draft) search.draft = state.draft;
  if (state.kept) search.kept = state.kept;
  if (state.flip) search.flip = state.flip;
  if (state.selector) search.selector = state.selector;
  if (state.style !== DEFAULTS.style) search.style = state.style.toLowerCase();
  if (state.learn !== DEFAULTS.learn) search.learn = state.learn;
  if (state.unwanted.length) search.unwanted = state.unwanted;
  if (state.alerted) search.alerted = 'learn';
  if (state.recommended) search.recommended = state.recommended;
  if (state.told !== DEFAULTS.told) search.told = state.told;
  if (state.status !== DEFAULTS.status) search.status = state.status;
  if (state.size !== DEFAULTS.size) search.size = state.size;
  if (state.power !== DEFAULTS.power) search.power = String(state.power);
  if (state.zoom.length) search.zoom = state.zoom;
  if (state.list !== DEFAULTS.list) search.list = state.list;
  return search;
}

/** Nothing is changed where nothing is compared. */
function readShow(text: string | undefined, compare: string | undefined): Show {
  const show = oneOf(text, SHOWS, DEFAULTS.show);
  return show === 'changed' && !readCompare(compare) ? DEFAULTS.show : show;
}

function readCompare(text: string | undefined): string | null {
  if (!text) return null;
  return isShift(text) || resolve(text, 0) !== null ? text : null;
}

function readSelection(text: string | undefined): Selection | null {
  const match = /^(node|edge):(.+)$/s.exec(text ?? '');
  return match ? { type: match[1] as Selection['type'], id: match[2] ?? '' } : null;
}
