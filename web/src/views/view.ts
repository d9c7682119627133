import type { SavedView } from '../api/views';
import { type SearchParams, stringifySearch } from '../domain/search-params';
import { decode, encode, type UrlState } from '../domain/url-state';

/** A saved view as docs/views.md describes it. The server judges it; here it is only read and written. */
export type ViewPage = SavedView['page'];

export interface ViewDocument {
  format: 1;
  title: string;
  description: string;
  page: 'graph' | 'flows';
  search: SearchParams;
}

export const PATHS = { GRAPH: '/', FLOWS: '/flows' } as const satisfies Record<ViewPage, string>;

const SHARED = ['from', 'to', 'cluster', 'ns', 'q', 'mode', 'sel', 'view'];
const NAMES: Record<ViewPage, readonly string[]> = {
  GRAPH: [...SHARED, 'level', 'open', 'width', 'label', 'show', 'infra', 'layer', 'compare'],
  FLOWS: [...SHARED, 'status', 'size', 'power', 'zoom', 'list'],
};

/** What the address says of the page itself; what other pages left in it is not part of a view. */
export function searchOf(page: ViewPage, state: UrlState): SearchParams {
  const search = encode(state);
  return Object.fromEntries(NAMES[page].flatMap((name) => (search[name] ? [[name, search[name]]] : [])));
}

/** The whole state of a page that shows the view: what it does not say has the page's default. */
export const stateOf = (view: SavedView): UrlState => ({
  ...decode(view.search as SearchParams),
  saved: view.id,
});

/** Whether the page no longer shows the view as it was saved. */
export const isChanged = (view: SavedView, state: UrlState): boolean =>
  stringifySearch(searchOf(view.page, state)) !== stringifySearch(searchOf(view.page, stateOf(view)));

export interface Words {
  title: string;
  description: string;
}

export const written = (words: Words, page: ViewPage, state: UrlState): ViewDocument => ({
  format: 1,
  title: words.title,
  description: words.description,
  page: page === 'GRAPH' ? 'graph' : 'flows',
  search: searchOf(page, state),
});

/** The view as it is kept, to be saved again with nothing but its sharing changed. */
export const keptDocument = ({ title, description, page, search }: SavedView): ViewDocument => ({
  format: 1,
  title,
  description,
  page: page === 'GRAPH' ? 'graph' : 'flows',
  search: search as SearchParams,
});

/** Those of the page at hand first; each page's in the order of titles. */
export const ordered = (views: readonly SavedView[], page: ViewPage): SavedView[] => [
  ...views.filter((view) => view.page === page),
  ...views.filter((view) => view.page !== page),
];
