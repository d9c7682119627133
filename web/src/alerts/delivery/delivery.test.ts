import { expect, it } from 'vitest';
import { documentOf, draftOf, EMPTY, KIND_WORDS, PARTS, RECEIVERS } from './draft';
import { stateWords, waitingWords } from './words';

const NOW = Date.parse('2026-11-29T12:00:00Z');
const STANDS = { enabled: true, problem: null, nextTryAt: null, deliveredAt: null, waiting: 0 };

it('makes the document of what is typed, and leaves out what is empty', () => {
  const draft = {
    ...EMPTY,
    title: ' SOC ',
    clusters: 'east, west',
    kind: 'SYSLOG' as const,
    parts: { host: 'log.example', port: '6514', transport: 'tls', url: 'of another kind' },
  };
  expect(documentOf(draft)).toEqual({
    format: 1,
    title: 'SOC',
    enabled: true,
    filter: '',
    clusters: ['east', 'west'],
    minimumSeverity: 40,
    receiver: { kind: 'syslog', host: 'log.example', port: 6514, transport: 'tls' },
  });
  expect(documentOf({ ...EMPTY, title: 'x' })).toMatchObject({
    clusters: null,
    receiver: { kind: 'webhook', header: 'Authorization' },
  });
});

it.each(RECEIVERS)('reads what it wrote of %s', (kind) => {
  const parts = Object.fromEntries(PARTS[kind].map((part) => [part.name, part.number ? '7' : 'x']));
  const written = documentOf({ ...EMPTY, title: 't', filter: 'rule: a', clusters: 'a', kind, parts });
  expect(documentOf(draftOf(written))).toEqual(written);
  expect(KIND_WORDS[kind]).toBeTruthy();
});

it('shows a secret that is not there as empty, and one that is as its mask', () => {
  const kept = { kind: 'webhook', url: 'https://a', header: 'X', secret: null };
  const document = { title: 't', enabled: true, filter: '', clusters: null, minimumSeverity: 1 };
  expect(draftOf({ ...document, receiver: kept }).parts).toEqual({ url: 'https://a', header: 'X' });
  expect(draftOf({ ...document, receiver: { ...kept, secret: '********' } }).parts.secret).toBe('********');
});

it.each([
  [{ enabled: false, problem: 'no.' }, 'Off'],
  [{ problem: 'no.', nextTryAt: '2026-11-29T12:00:08Z' }, 'Tries again in 8 s'],
  [{ problem: 'no.', nextTryAt: '2026-11-29T11:59:00Z' }, 'Tries again now'],
  [{ waiting: 3 }, 'Sending'],
  [{ deliveredAt: '2026-11-29T11:58:00Z' }, 'Delivered 2 min ago'],
  [{}, 'Nothing sent yet'],
] as const)('says how a target stands: %o', (stands, words) => {
  expect(stateWords({ ...STANDS, ...stands }, NOW)).toBe(words);
});

it('does not pretend to count what is not counted', () => {
  expect([waitingWords(0), waitingWords(999), waitingWords(1000)]).toEqual(['0', '999', '1000 or more']);
});
