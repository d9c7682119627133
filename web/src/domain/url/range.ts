import { firstOf, type SearchParams } from '../search-params';
import { type AskedRange, DEFAULT_RANGE, isRange } from '../time';

/** Its ends make sense together, or neither counts. */
export function readRange(search: SearchParams): AskedRange {
  const from = firstOf(search, 'from') ?? DEFAULT_RANGE.from;
  const to = firstOf(search, 'to') ?? DEFAULT_RANGE.to;
  return isRange({ from, to }) ? { from, to } : DEFAULT_RANGE;
}

/** Both ends where one is not the default, so that a link says the whole range. */
export const writeRange = ({ from, to }: AskedRange): SearchParams =>
  from === DEFAULT_RANGE.from && to === DEFAULT_RANGE.to ? {} : { from, to };
