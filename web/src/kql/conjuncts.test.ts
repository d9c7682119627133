import { describe, expect, it } from 'vitest';
import { condition, conjuncts, negated, refined, without } from './conjuncts';
import { translate } from './translate';

describe('the conditions of a query', () => {
  it('are split at the outermost and', () => {
    expect(conjuncts('a : 1 and not (b : 2 and c : 3) AND d : "x and y"')).toEqual([
      'a : 1',
      'not (b : 2 and c : 3)',
      'd : "x and y"',
    ]);
    expect(conjuncts('policy_hits:{name: x and action: deny} and e : (f or g)')).toHaveLength(2);
    expect(conjuncts('')).toEqual([]);
  });

  it('are one where they are alternatives', () => {
    expect(conjuncts('a : 1 and b : 2 or c : 3')).toEqual(['a : 1 and b : 2 or c : 3']);
  });
});

describe('a condition on a value', () => {
  it.each([
    ['web', 'f : web'],
    ['*', 'f : "*"'],
    ['-', 'f : "-"'],
    ['web-*', 'f : "web-*"'],
    ['a "b" \\ c', 'f : "a \\"b\\" \\\\ c"'],
    ['and', 'f : "and"'],
    ['10.0.0.1', 'f : 10.0.0.1'],
    ['::1', 'f : "::1"'],
    [443, 'f : 443'],
    [false, 'f : false'],
    [null, 'not f : *'],
  ])('of %j is %s', (value, text) => expect(condition('f', value)).toBe(text));

  it('is turned round and back', () => {
    expect(negated(negated('f : a'))).toBe('f : a');
    expect(negated('not f : *')).toBe('f : *');
    expect(negated('a : 1 and b : 2')).toBe('not (a : 1 and b : 2)');
  });
});

describe('refining a query', () => {
  it('adds a condition once, and takes out what contradicts it', () => {
    expect(refined('', 'a : 1')).toBe('a : 1');
    expect(refined('a : 1', 'a : 1')).toBe('a : 1');
    expect(refined('a : 1', 'a : 1 and b : 2')).toBe('a : 1 and b : 2');
    expect(refined('a : 1 and b : 2', 'not a : 1')).toBe('b : 2 and not a : 1');
    expect(refined('not a : 1', 'a : 1')).toBe('a : 1');
  });

  it('keeps alternatives together', () => {
    expect(refined('a : 1 or b : 2', 'c : 3')).toBe('(a : 1 or b : 2) and c : 3');
    expect(refined('(a : 1 or b : 2) and c : 3', 'd : 4')).toBe('(a : 1 or b : 2) and c : 3 and d : 4');
  });

  it('takes a condition out again', () => {
    expect(without('a : 1 and b : 2', 'a : 1')).toBe('b : 2');
    expect(without('a : 1 or b : 2', 'a : 1 or b : 2')).toBe('');
  });
});

describe('translating a query', () => {
  it('renames what both kinds have, and tells what it dropped', () => {
    expect(translate('source_namespace : (a or b) and action : deny', 'FLOWS', 'DNS')).toEqual({
      query: 'client_namespace : (a or b)',
      dropped: ['action : deny'],
    });
    expect(translate('qname : "*.x.com" and rcode : NXDomain', 'DNS', 'FLOWS')).toEqual({
      query: 'dest_domain : "*.x.com"',
      dropped: ['rcode : NXDomain'],
    });
  });

  it('drops alternatives whole, keeps bare words, and comes back', () => {
    expect(translate('host : n1 or action : deny', 'FLOWS', 'BGP').dropped).toHaveLength(1);
    expect(translate('shop', 'FLOWS', 'AUDIT')).toEqual({ query: 'shop', dropped: [] });
    expect(translate('start_time > "2026-01-01"', 'FLOWS', 'BGP').query).toBe('logtime > "2026-01-01"');
    const there = translate('not source_ip : 10.0.0.0/8', 'FLOWS', 'L7').query;
    expect(translate(there, 'L7', 'FLOWS').query).toBe('not source_ip : 10.0.0.0/8');
  });
});
