import { describe, expect, it } from 'vitest';
import { named, withValue } from './narrowed';

describe('the variables of a page', () => {
  it('are read, set and taken out by their names', () => {
    const one = withValue([], 'source', 'a:b');
    expect(named(one, 'source')).toBe('a:b');
    expect(named(one, 'kind')).toBeNull();
    const two = withValue(withValue(one, 'kind', 'dns'), 'source', 'c');
    expect([named(two, 'kind'), named(two, 'source')]).toEqual(['dns', 'c']);
    expect(withValue(two, 'source', null)).toEqual(['kind:dns']);
  });
});
