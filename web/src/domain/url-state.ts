import type { SearchParams } from './search-params';
import { type AskedRange, DEFAULT_RANGE } from './time';
import { ALERTS } from './url/alerts';
import { DASHBOARDS } from './url/dashboards';
import { GRAPH } from './url/graph';
import { LOGS } from './url/logs';
import { initial, read, type Values, write } from './url/param';
import { BOARD, WHAT_IF } from './url/policies';
import { readRange, writeRange } from './url/range';
import { RECOMMENDATIONS } from './url/recommendations';
import { RING } from './url/ring';
import { SCOPE } from './url/scope';

export { DOCK_TABS, type DockTab, type Infra, SHOWS, type Show } from './url/graph';
export { ONLY, type Only } from './url/policies';
export { STYLES, type Style, TOLD, type Told } from './url/recommendations';
export type { Selection } from './url/selection';

/** In the order in which an address has them. */
const PARAMS = {
  ...SCOPE,
  ...GRAPH,
  ...ALERTS,
  ...LOGS,
  ...DASHBOARDS,
  ...BOARD,
  ...WHAT_IF,
  ...RECOMMENDATIONS,
  ...RING,
} as const;

/** Everything that a link carries from one person to another. The theme is not among it. */
export interface UrlState extends AskedRange, Values<typeof PARAMS> {}

export const DEFAULTS: UrlState = { ...DEFAULT_RANGE, ...initial(PARAMS) };

/** Reads whatever stands in the address; what is not understood falls back to its default. */
export const decode = (search: SearchParams): UrlState => ({ ...readRange(search), ...read(PARAMS, search) });

/** Only what differs from the default, so that links stay short. */
export const encode = (state: UrlState): SearchParams => ({ ...writeRange(state), ...write(PARAMS, state) });
