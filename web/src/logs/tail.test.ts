import { expect, it } from 'vitest';
import { arrived, isGap } from './tail';

const record = (id: string) => ({ id, cluster: 'c', time: 't' });

it('puts arrivals on top, each once', () => {
  const first = arrived([], [record('b'), record('a')], 0);
  const second = arrived(first, [record('c'), record('b')], 0);
  expect(second.map((each) => each.id)).toEqual(['c', 'b', 'a']);
});

it('says where some were left out, and joins gaps without anything in between', () => {
  const behind = arrived(arrived([], [record('a')], 0), [record('b')], 7);
  expect(behind.map((each) => (isGap(each) ? each.gap : each.id))).toEqual(['b', 7, 'a']);
  const further = arrived(arrived(behind, [], 2), [], 3);
  expect(further.map((each) => (isGap(each) ? each.gap : each.id))).toEqual([5, 'b', 7, 'a']);
});

it('keeps no more than it can show', () => {
  const many = Array.from({ length: 700 }, (_, at) => record(`r${at}`));
  expect(arrived([], many, 0)).toHaveLength(500);
});
