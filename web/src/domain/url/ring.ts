import { LISTED, POWERS, readPower, STATUSES } from '../ring-state';
import { MEASURES } from '../traffic';
import { list, single, word } from './codecs';

/** The ring: which verdicts it shows, by what and by which power of it, how far it is entered, what is listed. */
export const RING = {
  status: word('status', STATUSES, 'all'),
  size: word('size', MEASURES, 'connections'),
  power: single<number>('power', POWERS.least, { read: readPower, write: String }),
  zoom: list('zoom'),
  list: word('list', LISTED, 'workloads'),
} as const;
