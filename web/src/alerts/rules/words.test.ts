import { expect, it } from 'vitest';
import type { AlertWindow } from '../../api/alert-rules';
import { judgedBy, lengthWords, originWords, windowWords } from './words';

const WINDOW: AlertWindow = {
  lookback: 600,
  period: 60,
  groupBy: ['client_namespace', 'client_name_aggr'],
  op: 'SUM',
  field: 'count',
  condition: 'GTE',
  threshold: 1000,
  hold: 0,
};

it.each([
  [null, 'each record'],
  [WINDOW, 'sum of count ≥ 1,000 in 10 min, by client_namespace, client_name_aggr'],
  [{ ...WINDOW, op: 'COUNT', field: null, groupBy: [], condition: 'GT' }, 'records > 1,000 in 10 min'],
  [{ ...WINDOW, op: 'COUNT', groupBy: [] }, 'records with count ≥ 1,000 in 10 min'],
  [{ ...WINDOW, op: 'DISTINCT', field: 'qname', groupBy: [] }, 'different qname ≥ 1,000 in 10 min'],
  [{ ...WINDOW, condition: 'NOT_EQ', threshold: -0.5, groupBy: [] }, 'sum of count ≠ -0.5 in 10 min'],
] as const)('says what a rule judges', (window, words) => {
  expect(windowWords(window as AlertWindow | null)).toBe(words);
});

it('says by which detector a rule judges', () => {
  const detector = { name: 'beacon', lookback: 3600, hold: 21_600 };
  expect(judgedBy({ detector, window: null })).toBe('detector beacon over 1 h');
  expect(judgedBy({ detector: null, window: { ...WINDOW, groupBy: [] } })).toBe(
    'sum of count ≥ 1,000 in 10 min',
  );
});

it.each([
  [90, '90 s'],
  [60, '1 min'],
  [4500, '75 min'],
  [7200, '2 h'],
  [86_400, '1 d'],
])('says %i seconds in the largest whole unit', (seconds, words) => {
  expect(lengthWords(seconds)).toBe(words);
});

it('says where a rule is from', () => {
  expect(originWords({ builtin: true, replacesBuiltin: false })).toBe('Built in');
  expect(originWords({ builtin: false, replacesBuiltin: true })).toBe('Built in, changed');
  expect(originWords({ builtin: false, replacesBuiltin: false })).toBe('Saved');
});
