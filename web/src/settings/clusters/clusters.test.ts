import { expect, it } from 'vitest';
import { paint } from '../../domain/cluster';
import { documentOf, draftOf, EMPTY, placed } from './draft';
import { linesOf } from './health';
import { lagWords, rateWords, seenWords, stoppedKinds } from './words';

it('paints named colours by the theme, written ones as they are, and nothing else', () => {
  expect(paint('teal')).toBe('var(--c2)');
  expect(paint('#aB0099')).toBe('#aB0099');
  for (const other of [null, undefined, '', 'red', 'toString', '#fff', 'url(x)'])
    expect(paint(other)).toBeNull();
});

it('keeps a title only where it says more than the name', () => {
  const plain = { name: 'east', title: 'east', colour: null, description: '' };
  expect(draftOf(plain)).toEqual({ ...EMPTY, name: 'east' });
  expect(documentOf(draftOf(plain))).toEqual({ title: null, colour: null, description: '' });
  const named = { ...plain, title: 'Production', colour: 'teal' };
  expect(documentOf(draftOf(named))).toEqual({ title: 'Production', colour: 'teal', description: '' });
});

it('puts what is wrong at its field', () => {
  expect(
    placed([
      { path: 'id', message: 'No name.' },
      { path: 'version', message: 'Stale.' },
    ]),
  ).toEqual({
    at: { name: 'No name.' },
    rest: ['Stale.'],
  });
});

it('says how fresh and how much', () => {
  expect([lagWords(null), lagWords(90), lagWords(0)]).toEqual(['', '2 min', '0 s']);
  expect([0, 0.01, 0.26, 12.4, 18_240].map(rateWords)).toEqual([
    '0/min',
    '< 0.1/min',
    '0.3/min',
    '12/min',
    '18.2k/min',
  ]);
  expect(seenWords(null, 0)).toBe('never');
});

it('knows the kinds that stopped while others go on', () => {
  const kinds = [
    { kind: 'FLOWS' as const, records: '1', lastSeen: '2026-11-29T12:00:00Z' },
    { kind: 'DNS' as const, records: '1', lastSeen: '2026-11-29T10:30:00Z' },
  ];
  expect(stoppedKinds({ kinds, lastSeen: '2026-11-29T12:00:00Z' })).toEqual(['DNS']);
  expect(stoppedKinds({ kinds: [], lastSeen: null })).toEqual([]);
});

it('tells what is known of the health, and why the rest is not', () => {
  const none = (figure: string, reason: string) => [{ figure, reason }];
  const lines = linesOf({
    connections: { allowed: '12000', denied: '0', bytesToTarget: null, bytesToSource: '1500', missing: [] },
    endpoints: {
      endpoints: null,
      callers: 3,
      called: 4,
      services: 2,
      missing: none('endpoints', 'No pods.'),
    },
    policies: { policies: 9, unused: 1, denying: 0, missing: [] },
    processes: { names: null, missing: none('names', 'No names.') },
    dns: { requests: '40', failures: null, mean: null, missing: none('failures', 'No codes.') },
    http: { requests: '7', failures: '1', mean: 2_500_000, missing: [] },
  });
  expect(lines.map(({ head, text }) => `${head}: ${text}`)).toEqual([
    'Connections: 12,000 allowed, 0 denied',
    'Bytes: 1.5 KB back',
    'Workloads: 3 called, 4 were called',
    'Services: 2',
    'Endpoints: No pods.',
    'Policies: 9, 1 unused, 0 denied something',
    'Processes: No names.',
    'DNS: 40 requests',
    'HTTP: 7 requests, 1 failed, 2.5 ms on average',
  ]);
  expect(lines.filter(({ known }) => !known).map(({ head }) => head)).toEqual(['Endpoints', 'Processes']);
});
