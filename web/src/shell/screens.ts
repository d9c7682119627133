import { DEFAULTS, type UrlState } from '../domain/url-state';
import { translate } from '../kql/translate';

/** The screens by their addresses. */
export const SCREENS = {
  '/': 'Service Graph',
  '/flows': 'Flow Visualizer',
  '/logs': 'Logs',
  '/dashboards': 'Dashboards',
  '/policies': 'Policy Board',
  '/policies/what-if': 'Policy What-if',
  '/policies/recommended': 'Recommended Policies',
  '/posture': 'Security Posture',
  '/alerts': 'Alerts',
  '/alerts/rules': 'Alert Rules',
  '/alerts/delivery': 'Alert Delivery',
  '/alerts/feeds': 'Indicator Feeds',
  '/settings/clusters': 'Clusters',
  '/settings/rejected': 'Rejected Lines',
} as const;

export type ScreenPath = keyof typeof SCREENS;

/** By the address, or its first part: a dashboard is one of the dashboards. */
export const titleOf = (path: string): string =>
  SCREENS[path as ScreenPath] ?? SCREENS[`/${path.split('/')[1] ?? ''}` as ScreenPath] ?? 'Tapetum';

/** What follows from screen to screen: range, scope, selection, and the filter as far as flows have its fields. */
export function carried(state: UrlState, to: ScreenPath): UrlState {
  const { policy, only, find } = to === '/policies' ? state : DEFAULTS;
  const { object, change, value, draft, kept, flip } = to === '/policies/what-if' ? state : DEFAULTS;
  const { selector, style, learn, unwanted, recommended, told } =
    to === '/policies/recommended' ? state : DEFAULTS;
  const asked = { selector, style, learn, unwanted, recommended, told };
  const { status, size, power, zoom, list } = to === '/flows' ? state : DEFAULTS;
  const ring = { status, size, power, zoom, list };
  const compared =
    to === '/' ? {} : ({ compare: null, show: state.show === 'changed' ? 'all' : state.show } as const);
  const policies = { policy, only, find, object, change, value, draft, kept, flip, ...asked };
  const none = {
    saved: null,
    alert: null,
    filter: '',
    matrix: false,
    rule: null,
    opened: null,
    values: [],
    edit: false,
    widget: null,
  };
  const here = { ...state, ...policies, ...ring, ...none, ...compared };
  if (to === '/logs') return here;
  const { columns, sort, record, preset, tail, kind } = DEFAULTS;
  const { query } = translate(state.query, state.kind, kind);
  return { ...here, query, columns, sort, record, preset, tail, kind };
}
