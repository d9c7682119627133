import { KINDS, kindOfSlug, type LogKind } from '../log-kinds';
import { flag, list, optional, single } from './codecs';

/** How logs are listed, and which of them is read. */
export const LOGS = {
  /** The kind of log that `query` is about; only the logs page has others than flows. */
  kind: single<LogKind>('kind', 'FLOWS', { read: kindOfSlug, write: (kind) => KINDS[kind].slug }),
  /** Columns of the logs in order, each `field` or `field:width`; none are the kind's own. */
  columns: list('col'),
  /** A field, with `-` before it for the largest first; null is the newest first. */
  sort: optional('sort'),
  record: optional('rec'),
  preset: optional('preset'),
  tail: flag('tail'),
} as const;
