import { expect, it } from 'vitest';
import { changedLines } from './diff';

it.each([
  ['a\nb\n', 'a\nb\n', 0, 0],
  ['', 'a\nb\n', 2, 0],
  ['a\nb\n', '', 0, 2],
  ['a\nb\nc\n', 'a\nx\nc\n', 1, 1],
  ['a\nb\nc\n', 'a\nc\n', 0, 1],
  ['a\nc\n', 'a\nb\nb\nc\n', 2, 0],
  ['a\nb\n', 'a\nb\nc\nd\n', 2, 0],
])('counts lines of %j to %j', (before, after, added, removed) => {
  expect(changedLines(before, after)).toEqual({ added, removed });
});
