/** How a target stands, in the few words of a row. */
import type { DeliveryTarget } from '../../api/delivery';
import { ago, span } from '../../domain/units';

type Stands = Pick<DeliveryTarget, 'enabled' | 'problem' | 'nextTryAt' | 'deliveredAt' | 'waiting'>;

/** More than so many are not counted. */
export const COUNTED = 1000;

export const waitingWords = (waiting: number): string =>
  waiting >= COUNTED ? `${waiting} or more` : String(waiting);

export function stateWords(target: Stands, now: number): string {
  if (!target.enabled) return 'Off';
  if (target.problem) return `Tries again ${until(target.nextTryAt, now)}`;
  if (target.waiting > 0) return 'Sending';
  return target.deliveredAt ? `Delivered ${ago(Date.parse(target.deliveredAt), now)}` : 'Nothing sent yet';
}

function until(moment: string | null | undefined, now: number): string {
  const left = moment ? Date.parse(moment) - now : 0;
  return left < 1000 ? 'now' : `in ${span(left)}`;
}
