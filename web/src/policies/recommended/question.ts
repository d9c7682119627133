/** What the API is asked to recommend, from what the address says. */
import { type AskedRange, freeze, isoSeconds, resolve, resolveRange } from '../../domain/time';
import type { UrlState } from '../../domain/url-state';
import type { RecommendPoliciesQueryVariables } from '../../gql/graphql';

/** Policies, and edges beside them. With all that is asked of each rule, more would be refused. */
export const MOST_LISTED = 50;
/** More filters of what is unwanted are refused. */
export const MOST_UNWANTED = 10;
export const SHARES = ['50%', '70%', '80%', '90%'] as const;

export const isMoment = (learn: string): boolean => learn !== 'all' && !/^\d+%$/.test(learn);

/** Until when is learnt: null is all of the range, undefined no time in it. */
export function learnUntil(learn: string, range: AskedRange, now: number): string | null | undefined {
  if (learn === 'all') return null;
  const { from, to } = resolveRange(range, now);
  const [, share] = /^(\d{1,2})%$/.exec(learn) ?? [];
  const moment = share ? from + (to - from) * (Number(share) / 100) : resolve(learn, now);
  return moment !== null && moment > from && moment < to ? isoSeconds(moment) : undefined;
}

type Wish = Pick<
  UrlState,
  'from' | 'to' | 'namespaces' | 'selector' | 'style' | 'learn' | 'unwanted' | 'alerted'
>;

/** Of a range that stands still, so that the parts of it fit. Null while `learn` makes no sense. */
export function questionOf(wish: Wish, cluster: string, now: number): RecommendPoliciesQueryVariables | null {
  const range = freeze(wish, now);
  const until = learnUntil(wish.learn, range, now);
  if (until === undefined) return null;
  return {
    target: {
      cluster,
      namespaces: wish.namespaces.length ? wish.namespaces : null,
      selector: wish.selector.trim() || null,
    },
    range,
    learnUntil: until,
    unwanted: wish.unwanted,
    alerts: !wish.alerted,
    options: { style: wish.style },
    limit: MOST_LISTED,
  };
}
