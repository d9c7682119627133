import { DEFAULTS, type UrlState } from '../domain/url-state';
import { translate } from '../kql/translate';

/** The screens by their addresses. */
export const SCREENS = {
  '/': 'Service Graph',
  '/logs': 'Logs',
  '/alerts': 'Alerts',
} as const;

export type ScreenPath = keyof typeof SCREENS;

export const titleOf = (path: string): string => SCREENS[path as ScreenPath] ?? 'Tapetum';

/** What follows from screen to screen: range, scope, selection, and the filter as far as flows have its fields. */
export function carried(state: UrlState, to: ScreenPath): UrlState {
  if (to === '/logs') return { ...state, alert: null };
  const { columns, sort, record, preset, tail, kind } = DEFAULTS;
  const { query } = translate(state.query, state.kind, kind);
  return { ...state, alert: null, query, columns, sort, record, preset, tail, kind };
}
