import { expect, it } from 'vitest';
import type { LogRecord } from '../domain/record';
import { afterOf, lengthOf, NO_PAGES, PAGE, type Pages, put, rowAt, trimmed, wanted } from './pages';

const TOTAL = 1050;
const all: LogRecord[] = Array.from({ length: TOTAL }, (_, at) => ({
  id: `r${at}`,
  cluster: 'c',
  time: 't',
}));

/** What a server answers to a page, by its cursor: the place that it begins at. */
function asked(pages: Pages, at: number): Pages {
  const after = afterOf(pages, at);
  const start = after === null ? 0 : Number(after);
  const nodes = all.slice(start, start + PAGE);
  const end = start + nodes.length;
  return put(pages, at, {
    nodes,
    pageInfo: { hasNextPage: end < TOTAL, endCursor: String(end) },
    totalCount: at === 0 ? String(TOTAL) : undefined,
  });
}

/** Scrolls to a row, asking for pages until it is there. */
function look(pages: Pages, first: number, last: number): Pages {
  let held = pages;
  for (let at = wanted(held, first, last); at !== null; at = wanted(held, first, last))
    held = asked(held, at);
  return trimmed(held, first, last);
}

it('pages to the end and back, and every row is the one that belongs there', () => {
  let pages = asked(NO_PAGES, 0);
  expect(pages.total).toBe('1050');
  const way = [...Array(21).keys()].map((step) => step * 50);
  for (const first of [...way, ...way.toReversed()]) {
    const last = Math.min(lengthOf(pages) - 1, first + 30);
    pages = look(pages, first, last);
    for (let at = first; at <= last; at++) expect(rowAt(pages, at)?.id).toBe(`r${at}`);
    expect(pages.pages.filter((page) => page.rows).length).toBeLessThanOrEqual(7);
  }
  expect(lengthOf(pages)).toBe(TOTAL);
  expect(pages.more).toBe(false);
});

it('asks for nothing beyond the end', () => {
  const pages = put(NO_PAGES, 0, {
    nodes: all.slice(0, 3),
    pageInfo: { hasNextPage: false, endCursor: '3' },
    totalCount: '3',
  });
  expect(wanted(pages, 0, 2)).toBeNull();
});

it('begins anew with a first page', () => {
  const pages = asked(asked(asked(NO_PAGES, 0), 1), 0);
  expect(lengthOf(pages)).toBe(PAGE);
});
