import { isShift } from '../comparison';
import { LABELS } from '../edge-label';
import type { Level } from '../graph';
import type { SearchParams } from '../search-params';
import { resolve } from '../time';
import { MEASURES } from '../traffic';
import { constant, list, optional, optionalWord, single, word } from './codecs';
import type { Param } from './param';
import { selection } from './selection';

const LEVELS = ['NAMESPACE', 'SERVICE', 'WORKLOAD'] as const satisfies readonly Level[];

export const SHOWS = ['all', 'denied', 'new', 'changed', 'dns'] as const;
export type Show = (typeof SHOWS)[number];

const INFRA = ['dimmed', 'shown', 'hidden'] as const;
export type Infra = (typeof INFRA)[number];

export const DOCK_TABS = ['flows', 'captures'] as const;
export type DockTab = (typeof DOCK_TABS)[number];

const compare = single<string | null>('compare', null, {
  read: (text) => (text && (isShift(text) || resolve(text, 0) !== null) ? text : undefined),
  write: (text) => text || undefined,
});

const anyShow = word('show', SHOWS, 'all');

/** Nothing is changed where nothing is compared. */
const show: Param<Show> = Object.freeze({
  ...anyShow,
  read: (search: SearchParams) => {
    const asked = anyShow.read(search);
    return asked === 'changed' && !compare.read(search) ? anyShow.initial : asked;
  },
});

/** What is drawn of the graph, and how; the ring shares its selection, its view and its saved views. */
export const GRAPH = {
  level: constant('level', LEVELS, 'NAMESPACE'),
  open: list('open'),
  selection: selection('sel'),
  measure: word('width', MEASURES, 'bytes'),
  /** What is written at edges; null is the measure that their width has. */
  label: optionalWord('label', LABELS),
  show,
  view: word('view', ['graph', 'table'], 'graph'),
  infra: word('infra', INFRA, 'dimmed'),
  /** Layers that are not shown as they are: `dimmed:ID` or `hidden:ID`. */
  layers: list('layer', (text) => /^(dimmed|hidden):./s.test(text)),
  /** What the dock tells, and which capture's summary there; null is the list of them. */
  dock: word('dock', DOCK_TABS, 'flows'),
  capture: optional('capture'),
  /** What the graph is compared with: `before`, `day`, `week`, or a time point where a range as long begins. */
  compare,
  /** The saved view that was opened, by its id. */
  saved: optional('saved'),
} as const;
