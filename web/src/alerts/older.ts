import { type Alert, mergeAlerts } from '../domain/alert';

/** Pages behind the first, from the first as it was when the second was asked for. */
export interface Older {
  alerts: readonly Alert[];
  /** Where the next page begins; null behind the last. */
  next: string | null;
}

/**
 * The newest page as it is now, before what was read of the older ones. Null where so much has arrived that
 * the two do not touch: what lies between is not known then.
 */
export function joined(newest: readonly Alert[], older: Older | null): Alert[] | null {
  if (!older) return [...newest];
  const known = new Set(older.alerts.map(({ id }) => id));
  if (newest.length > 0 && !newest.some(({ id }) => known.has(id))) return null;
  return mergeAlerts(older.alerts, newest);
}
