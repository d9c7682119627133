import { describe, expect, it } from 'vitest';
import { changesOfKept, type Kept, keptPlace, readKept, wordsOf, writeKept } from './kept';

const policy = { kind: 'CalicoNetworkPolicy', namespace: 'shop', name: 'web' };
const tier = { kind: 'Tier', namespace: null, name: 'platform' };
const KEPT: Kept[] = [
  { change: 'delete', object: policy, value: null, text: null },
  { change: 'default', object: tier, value: 'PASS', text: null },
  { change: 'reorder', object: policy, value: 'last', text: null },
  { change: 'labels', object: policy, value: 'a=b', text: null },
  { change: 'promote', object: null, value: null, text: null },
  { change: 'edit', object: null, value: 'calico', text: 'kind: Tier\nmetadata:\n  name: new\n' },
];

describe('changes that are tried together', () => {
  it('come back as they were', () => {
    expect(readKept(writeKept(KEPT))).toEqual(KEPT);
  });
  it.each([
    null,
    '',
    '{',
    '{}',
    '[1]',
    '[["drop","Tier:/a",null,null]]',
    '[["reorder","Tier:/a","x",null]]',
  ])('are none in %j', (text) => {
    expect(readKept(text)).toEqual([]);
  });
  it('are one change each for the API, in their order', () => {
    const changes = changesOfKept(KEPT);
    expect(changes).toHaveLength(KEPT.length);
    expect(changes[0]).toEqual({ delete: policy });
    expect(changes[5]).toEqual({ apply: KEPT[5]?.text });
  });
  it('say what they do', () => {
    expect(KEPT.map(wordsOf)).toEqual([
      'Delete web',
      'Default of platform: Pass',
      'Order of web: last',
      'Labels of web: a=b',
      'Promote all that is staged',
      'New new',
    ]);
  });
  it('are found by the path of a problem', () => {
    expect(keptPlace('changes[1].apply', 2)).toBe(1);
    expect(keptPlace('changes[2].apply', 2)).toBeNull();
    expect(keptPlace(null, 2)).toBeNull();
  });
});
