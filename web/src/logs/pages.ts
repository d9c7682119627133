import type { LogRecord } from '../domain/record';

/** Records by pages. Cursors lead forward only, so each page keeps the one that it is asked with. */
interface Page {
  after: string | null;
  length: number;
  /** Null where the rows were let go; its cursor brings them back. */
  rows: LogRecord[] | null;
}

export interface Pages {
  pages: readonly Page[];
  next: string | null;
  more: boolean;
  total: string | null;
}

export const PAGE = 100;
/** Pages kept on either side of what is looked at. */
const BESIDE = 2;

export const NO_PAGES: Pages = { pages: [], next: null, more: false, total: null };

export interface Answered {
  nodes: LogRecord[];
  pageInfo: { hasNextPage: boolean; endCursor?: string | null };
  totalCount?: string;
}

/** With what one page was answered. The first one begins everything anew. */
export function put(pages: Pages, at: number, answer: Answered): Pages {
  const { nodes, pageInfo } = answer;
  const page = { after: afterOf(pages, at), length: nodes.length, rows: nodes };
  const [next, more] = [pageInfo.endCursor ?? null, pageInfo.hasNextPage];
  if (at === 0) return { pages: [page], next, more, total: answer.totalCount ?? null };
  if (at < pages.pages.length)
    return { ...pages, pages: pages.pages.map((each, place) => (place === at ? page : each)) };
  return { ...pages, pages: [...pages.pages, page], next, more };
}

export const afterOf = (pages: Pages, at: number): string | null =>
  at === 0 ? null : (pages.pages[at]?.after ?? pages.next);

export const lengthOf = (pages: Pages): number => pages.pages.reduce((sum, page) => sum + page.length, 0);

export const rowAt = (pages: Pages, index: number): LogRecord | null =>
  pages.pages[Math.floor(index / PAGE)]?.rows?.[index % PAGE] ?? null;

/** The page to ask for when these rows are looked at; null where all are there. */
export function wanted(pages: Pages, first: number, last: number): number | null {
  const [from, to] = [Math.floor(first / PAGE), Math.floor(last / PAGE)];
  for (let at = from; at <= to; at++) if (pages.pages[at]?.rows === null) return at;
  const near = last >= lengthOf(pages) - PAGE / 4;
  return near && pages.more ? pages.pages.length : null;
}

/**
 * Lets the rows go that are far from what is looked at. The first page stays: no cursor leads to it, and
 * asked again it would be that of a later moment.
 */
export function trimmed(pages: Pages, first: number, last: number): Pages {
  const [from, to] = [Math.floor(first / PAGE) - BESIDE, Math.floor(last / PAGE) + BESIDE];
  const far = (at: number) => at > 0 && (at < from || at > to);
  if (!pages.pages.some((page, at) => page.rows && far(at))) return pages;
  return { ...pages, pages: pages.pages.map((page, at) => (far(at) ? { ...page, rows: null } : page)) };
}
