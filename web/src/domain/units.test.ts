import { expect, it } from 'vitest';
import { ago, bytes, exact, lag, rate, short } from './units';

it.each([
  [0, '0'],
  [7, '7'],
  [999, '999'],
  [1000, '1k'],
  [1284, '1.3k'],
  [9949, '9.9k'],
  [18_200, '18.2k'],
  [99_949, '99.9k'],
  [999_400, '999k'],
  [999_600, '1M'],
  [4_100_000, '4.1M'],
  [2e9, '2G'],
])('shortens %d to %s', (value, text) => expect(short(value)).toBe(text));

it.each([
  [0, '0 B'],
  [360, '360 B'],
  [1000, '1 KB'],
  [231_000, '231 KB'],
  [31_400_000_000, '31 GB'],
  [4_100_000, '4.1 MB'],
])('writes %d bytes as %s', (value, text) => expect(bytes(value)).toBe(text));

it('keeps counters beyond 2^53 exact', () => {
  expect(exact('18446744073709551615')).toBe('18,446,744,073,709,551,615');
  expect(exact(1284)).toBe('1,284');
});

it('says what is not counted instead of zero', () => {
  expect([short(null), bytes(null), exact(null)]).toEqual(['not counted', 'not counted', 'not counted']);
});

it('gives rates in a unit of time in which they are at least one', () => {
  expect(rate(604 * 1800, 1800)).toBe('604/s');
  expect(rate(29, 1800)).toBe('58/h');
  expect(rate(60, 1800)).toBe('2/min');
  expect(rate(0, 1800)).toBe('0/s');
});

it('tells times relatively under an hour', () => {
  const now = Date.UTC(2026, 10, 23, 14, 35);
  expect(ago(now - 58_000, now)).toBe('58 s ago');
  expect(ago(now - 40 * 60_000, now)).toBe('40 min ago');
  expect(ago(now - 2 * 36e5, now)).toBe('12:35');
  expect(ago(now - 3 * 864e5, now)).toBe('2026-11-20 14:35');
  expect(lag(800)).toBe('0.8 s');
  expect(lag(61_000)).toBe('1 min');
});
