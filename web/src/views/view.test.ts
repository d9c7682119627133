import { describe, expect, it } from 'vitest';
import type { SavedView } from '../api/views';
import { DEFAULTS, encode, type UrlState } from '../domain/url-state';
import { isChanged, keptDocument, ordered, searchOf, stateOf, written } from './view';

const state: UrlState = {
  ...DEFAULTS,
  from: 'now-6h',
  query: 'dest_port : 5432',
  open: ['a', 'b'],
  infra: 'hidden',
  status: 'denied',
  zoom: ['ns:a'],
  preset: 'p',
  saved: 'old',
};
const view = (patch: Partial<SavedView> = {}): SavedView => ({
  id: 'v',
  title: 'Databases',
  description: '',
  page: 'GRAPH',
  search: searchOf('GRAPH', state),
  editable: true,
  shared: false,
  owner: null,
  version: 1,
  ...patch,
});

describe('a saved view', () => {
  it('has what its page shows, and nothing that another page left in the address', () => {
    const range = { from: 'now-6h', to: 'now', q: 'dest_port : 5432' };
    expect(searchOf('GRAPH', state)).toEqual({ ...range, open: ['a', 'b'], infra: 'hidden' });
    expect(searchOf('FLOWS', state)).toEqual({ ...range, status: 'denied', zoom: ['ns:a'] });
    expect(searchOf('GRAPH', DEFAULTS)).toEqual({});
  });

  it('opens as it was saved, whatever was shown before', () => {
    expect(stateOf(view())).toEqual({
      ...DEFAULTS,
      from: 'now-6h',
      query: 'dest_port : 5432',
      open: ['a', 'b'],
      infra: 'hidden',
      saved: 'v',
    });
    expect(encode(stateOf(view({ search: {} })))).toEqual({ saved: 'v' });
  });

  it('is changed where its page shows something else', () => {
    expect(isChanged(view(), state)).toBe(false);
    expect(isChanged(view(), { ...state, status: 'all', zoom: [] })).toBe(false);
    expect(isChanged(view(), { ...state, open: ['a'] })).toBe(true);
    expect(isChanged(view(), { ...state, selection: { type: 'node', id: 'n' } })).toBe(true);
  });

  it('is written as the server reads it', () => {
    const words = { title: 'Databases', description: 'Who asks them' };
    expect(written(words, 'FLOWS', state)).toEqual({
      format: 1,
      ...words,
      page: 'flows',
      search: searchOf('FLOWS', state),
    });
    expect(keptDocument(view())).toEqual(written({ title: 'Databases', description: '' }, 'GRAPH', state));
  });

  it('is listed after those of the page at hand', () => {
    const [ring, graph] = [view({ id: 'r', page: 'FLOWS' }), view()];
    expect(ordered([ring, graph], 'GRAPH')).toEqual([graph, ring]);
  });
});
