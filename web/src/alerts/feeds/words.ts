/** How a feed stands, in the few words of a row. */
import type { Feed } from '../../api/feeds';
import { ago, span } from '../../domain/units';
import { phrase } from '../../kql/quote';

type Stands = Pick<Feed, 'enabled' | 'url' | 'checkedAt' | 'fetchedAt' | 'nextAt' | 'failure' | 'pending'>;

export function stateWords(feed: Stands): string {
  if (!feed.enabled) return 'Off';
  if (feed.failure) return feed.fetchedAt ? 'Failed, old copy in force' : 'Failed';
  if (feed.fetchedAt) return 'In force';
  return feed.url ? 'Not fetched yet' : 'Nothing uploaded yet';
}

/** Of a moment that may never have been. */
export const momentWords = (moment: string | null | undefined, now: number): string =>
  moment ? ago(Date.parse(moment), now) : 'never';

/** When it is looked for next; what is uploaded is not looked for. */
export function nextWords(feed: Stands, now: number): string {
  if (!feed.nextAt) return feed.url ? 'when it is on' : 'by upload';
  const left = Date.parse(feed.nextAt) - now;
  return feed.pending || left < 1000 ? 'now' : `in ${span(left)}`;
}

/** The alerts that it raised, as KQL over alerts. */
export const raisedBy = (title: string): string => `kind : threat_feed and rule : ${phrase(title)}`;
