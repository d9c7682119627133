import { expect, it } from 'vitest';
import { documentOf, draftOf, EMPTY, placed } from './draft';
import { momentWords, nextWords, raisedBy, stateWords } from './words';

const NOW = Date.parse('2026-11-29T12:00:00Z');
const STANDS = {
  enabled: true,
  url: 'https://a.example/',
  checkedAt: null,
  fetchedAt: null,
  nextAt: null,
  failure: null,
  pending: false,
};

it('makes the document of what is typed, and leaves out what does not count', () => {
  const typed = { ...EMPTY, title: ' Ours ', column: 'ip', refreshMinutes: '5', category: 'tor ' };
  expect(documentOf(typed)).toMatchObject({
    title: 'Ours',
    category: 'tor',
    column: null,
    url: null,
    refreshMinutes: 1440,
    severity: 70,
  });
  const fetched = { ...typed, form: 'csv' as const, url: ' https://a.example/ ' };
  expect(documentOf(fetched)).toMatchObject({ column: 'ip', url: 'https://a.example/', refreshMinutes: 5 });
});

it('reads what it wrote', () => {
  const written = documentOf({ ...EMPTY, title: 'a', form: 'csv', column: 'ip', private: true });
  expect(documentOf(draftOf(written))).toEqual(written);
});

it('puts what is wrong at its field', () => {
  const url = {
    path: 'document.url',
    message: 'document.url: the address is no URL; docs/feeds.md describes the format.',
  };
  const stale = { path: 'version', message: 'It was changed meanwhile.' };
  expect(placed([url, stale, { message: 'No answer.' }])).toEqual({
    at: { url: 'The address is no URL.' },
    rest: ['It was changed meanwhile.', 'No answer.'],
  });
});

it.each([
  [{ enabled: false, failure: 'no.' }, 'Off'],
  [{ failure: 'no.' }, 'Failed'],
  [{ failure: 'no.', fetchedAt: '2026-11-29T11:00:00Z' }, 'Failed, old copy in force'],
  [{ fetchedAt: '2026-11-29T11:00:00Z' }, 'In force'],
  [{}, 'Not fetched yet'],
  [{ url: null }, 'Nothing uploaded yet'],
] as const)('says how a feed stands: %o', (stands, words) => {
  expect(stateWords({ ...STANDS, ...stands })).toBe(words);
});

it.each([
  [{ url: null }, 'by upload'],
  [{}, 'when it is on'],
  [{ nextAt: '2026-11-29T11:00:00Z' }, 'now'],
  [{ nextAt: '2026-11-29T12:20:00Z' }, 'in 20 min'],
  [{ nextAt: '2026-11-29T12:20:00Z', pending: true }, 'now'],
] as const)('says when it is looked for next: %o', (stands, words) => {
  expect(nextWords({ ...STANDS, ...stands }, NOW)).toBe(words);
});

it('says when something was, if ever', () => {
  expect([momentWords(null, NOW), momentWords('2026-11-29T11:58:00Z', NOW)]).toEqual(['never', '2 min ago']);
});

it('finds the alerts of a feed by its title, whatever that is', () => {
  expect(raisedBy('a "b" or c')).toBe('kind : threat_feed and rule : "a \\"b\\" or c"');
});
