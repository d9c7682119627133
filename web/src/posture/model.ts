import type { Action, Part, Posture, Rating } from '../api/posture';
import { visible } from '../domain/names';
import type { UrlState } from '../domain/url-state';
import type { ScreenPath } from '../shell/screens';

export const TITLES: Record<Part['component'], string> = {
  ISOLATION: 'Namespace isolation',
  EGRESS: 'Egress access',
  EXPOSURE: 'Internet exposure',
  CLEARTEXT: 'Cleartext',
  GAPS: 'Denied and staged gaps',
  IMAGES: 'Image risk',
};

type Trending = Pick<Rating, 'trend' | 'trendCoverage'>;

export type Level = 'good' | 'fair' | 'poor' | 'unknown';

const GOOD = 80;
const FAIR = 60;

/** What is not known has a level of its own. */
export function levelOf(score: number | null): Level {
  if (score === null) return 'unknown';
  return score >= GOOD ? 'good' : score >= FAIR ? 'fair' : 'poor';
}

/** Rounded down, so that a hundred is all of it. */
export const whole = (value: number): string => String(Math.floor(value + 1e-9));

export const percent = (share: number): string => `${whole(share * 100)} %`;

/** `5.5`, or `under 0.1`: a gain is never shown as nothing. */
export const points = (gain: number): string =>
  gain < 0.1 ? '< 0.1' : gain < 10 ? gain.toFixed(1).replace(/\.0$/, '') : String(Math.round(gain));

/** How much less may be known of what is compared. */
const LESS = 0.1;

/** Whether a part of the range is known about as well as its last one: other scores do not compare. */
export function comparable({ trend, trendCoverage }: Trending): boolean[] {
  const last = trendCoverage[trendCoverage.length - 1] ?? 0;
  return trend.map((value, at) => value !== null && Math.abs((trendCoverage[at] ?? 0) - last) <= LESS);
}

/** From the first part of the range that compares to the last; null where none does. */
export function change(rating: Trending): number | null {
  const like = comparable(rating);
  const values = rating.trend.filter((value, at) => value !== null && like[at]);
  const [first, last] = [values[0], values[values.length - 1]];
  if (values.length < 2 || first == null || last == null) return null;
  return Math.round(last) - Math.round(first);
}

/** A namespace alone stands for new pods in it. */
export const example = (name: string): string => visible(name.includes('/') ? name : `new pods of ${name}`);

export interface Scoped {
  /** The only namespace in scope, else all of the clusters. */
  rating: Rating;
  namespaces: Rating[];
  actions: Action[];
  dismissed: Action[];
}

/** What a scope of namespaces keeps. Actions for the whole cluster stay: data are missing for all of it. */
export function scoped(posture: Posture, names: readonly string[]): Scoped {
  const fits = ({ namespace }: { namespace: string | null }) =>
    !names.length || (namespace !== null && names.includes(namespace));
  const namespaces = posture.namespaces.filter(fits);
  const only = names.length === 1 && namespaces.length === 1 ? namespaces[0] : undefined;
  const left = (action: Action) => action.namespace === null || fits(action);
  const [actions, dismissed] = [posture.actions.filter(left), posture.dismissed.filter(left)];
  return { rating: only ?? posture.overall, namespaces, actions, dismissed };
}

export interface Target {
  to: ScreenPath;
  patch: Partial<UrlState>;
  label: string;
}

/** Where an action begins. */
export function targetOf({ page, cluster, namespace, filter }: Action): Target {
  const namespaces = namespace === null ? [] : [namespace];
  switch (page) {
    case 'RECOMMENDED_POLICIES':
      return { to: '/policies/recommended', patch: { cluster, namespaces }, label: 'Recommend' };
    case 'POLICIES':
      return { to: '/policies', patch: { cluster, namespaces: [] }, label: 'Open board' };
    case 'LOGS':
      return {
        to: '/logs',
        patch: { cluster, namespaces: [], kind: 'FLOWS', query: filter ?? '' },
        label: 'Show flows',
      };
  }
}

/** For how long an action is dismissed, as the API takes it; null until it is brought back. */
export const TERMS = [
  ['30 days', 'now+30d'],
  ['90 days', 'now+90d'],
  ['a year', 'now+365d'],
  ['until it is brought back', null],
] as const;
