import { expect, it } from 'vitest';
import { displayName, inNamespace, plainName, splitHash, visible } from './names';

it.each([
  ['payments', 'payments'],
  ['漢字 ü 😀 <b>', '漢字 ü 😀 <b>'],
  ['\u202egnp.exe', '\\u202egnp.exe'],
  ['a\r\nb\u0000c\u001b[31m', 'a\\u000d\\u000ab\\u0000c\\u001b[31m'],
  ['zero\u200bwidth\ufeff', 'zero\\u200bwidth\\ufeff'],
  ['\u2066isolated\u2069\u2028', '\\u2066isolated\\u2069\\u2028'],
])('writes out what %j would do to its neighbours', (name, text) => expect(visible(name)).toBe(text));

it('shows names without their sentinels and tricks', () => {
  expect(displayName('WORKLOAD', 'web-6b687c8dcb-*')).toBe('web-6b687c8dcb');
  expect(displayName('WORKLOAD', '\u202eweb-*')).toBe('\\u202eweb');
  expect(displayName('NETWORK', 'pub')).toBe('Public network');
  expect(displayName('NETWORK', '\u0007')).toBe('\\u0007');
  expect(displayName('HOST', '-')).toBe('Outside cluster');
  expect(plainName('db-*')).toBe('db');
  expect(inNamespace('shop\n', 'web')).toBe('shop\\u000a/web');
  expect(inNamespace(null, 'web')).toBe('web');
});

it('tells a hash from a word', () => {
  expect(splitHash('payment-api-5f8b9c7d6-*')).toEqual({ base: 'payment-api', hash: '5f8b9c7d6' });
  expect(splitHash('cart-frontend')).toEqual({ base: 'cart-frontend', hash: null });
});
