/** How a cluster stands, in the few words of a row. */
import type { KnownCluster } from '../../api/clusters';
import { ago, short, span } from '../../domain/units';

export const seenWords = (moment: string | null | undefined, now: number): string =>
  moment ? ago(Date.parse(moment), now) : 'never';

/** Of seconds; nothing where there is no record. */
export const lagWords = (lag: number | null | undefined): string =>
  lag === null || lag === undefined ? '' : span(lag * 1000);

/** `38/min`, `0.2/min`; that nothing came is 0. */
export function rateWords(perMinute: number): string {
  if (perMinute > 0 && perMinute < 0.05) return '< 0.1/min';
  return `${short(perMinute < 10 ? Math.round(perMinute * 10) / 10 : Math.round(perMinute))}/min`;
}

/** The title, and the name behind it where they differ. */
export const isRenamed = ({ title, name }: Pick<KnownCluster, 'title' | 'name'>): boolean => title !== name;

/** The kinds of a cluster's logs that stopped while others go on. */
export function stoppedKinds(cluster: Pick<KnownCluster, 'kinds' | 'lastSeen'>): string[] {
  const newest = Date.parse(cluster.lastSeen ?? '');
  return cluster.kinds
    .filter(({ lastSeen }) => newest - Date.parse(lastSeen) > STOPPED)
    .map(({ kind }) => kind);
}

/** As long as a cluster may be quiet before it is silent. */
const STOPPED = 3_600_000;
