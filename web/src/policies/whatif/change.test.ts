import { describe, expect, it } from 'vitest';
import { type Change, changesFor, changesOf, readChange, readLabels, readOrder } from './change';
import { toGraph, toLogs } from './links';
import { found, type Listed, listed, readRef, writeRef } from './objects';
import { TEMPLATES } from './templates';
import { tiersOf } from './tiers';

const policy = { kind: 'CalicoNetworkPolicy', namespace: 'shop', name: 'default.web:a' };
const tier = { kind: 'Tier', namespace: null, name: 'platform' };

describe('an object in the address', () => {
  it('comes back as it was', () => {
    for (const ref of [policy, tier, { kind: 'Pod', namespace: 'a', name: 'web/x' }])
      expect(readRef(writeRef(ref))).toEqual(ref);
  });
  it.each([null, '', 'Tier', 'Tier:name', ':a/b', 'Tier:/'])('is none in %j', (text) => {
    expect(readRef(text)).toBeNull();
  });
});

describe('a change', () => {
  const wish = (
    change: Change,
    value: string | null,
    object: typeof policy | typeof tier | null = policy,
    text: string | null = null,
  ) => changesOf({ object, change, value, text });

  it('is what the API takes', () => {
    expect(wish('edit', null, policy, 'kind: Tier\n')).toEqual([{ apply: 'kind: Tier\n' }]);
    expect(wish('delete', null)).toEqual([{ delete: policy }]);
    expect(wish('reorder', '12.5')).toEqual([{ reorder: { object: policy, order: 12.5 } }]);
    expect(wish('reorder', 'last')).toEqual([{ reorder: { object: policy, order: null } }]);
    expect(wish('default', 'PASS', tier)).toEqual([{ tierDefault: { tier: 'platform', action: 'PASS' } }]);
    expect(wish('promote', null, null)).toEqual([{ promote: {} }]);
    expect(wish('promote', null)).toEqual([{ promote: { policies: [policy] } }]);
    expect(wish('labels', 'app=web zone-')).toEqual([
      { relabel: { object: policy, set: [{ key: 'app', value: 'web' }], remove: ['zone'] } },
    ]);
  });

  it.each<[Change, string | null]>([
    ['edit', null],
    ['reorder', null],
    ['reorder', ''],
    ['reorder', 'x'],
    ['default', 'ALLOW'],
    ['labels', ''],
    ['labels', 'app'],
  ])('%s of %j is nothing to try yet', (change, value) => {
    expect(wish(change, value)).toBeNull();
  });

  it('fits what it is made to', () => {
    expect(changesFor(tier)).toEqual(['edit', 'delete', 'reorder', 'default']);
    expect(changesFor({ ...policy, kind: 'NetworkPolicy' })).toEqual(['edit', 'delete']);
    expect(changesFor({ ...policy, kind: 'StagedNetworkPolicy' })).toContain('promote');
    expect(changesFor({ ...policy, kind: 'Pod' })).toContain('labels');
    expect(readChange('default', policy)).toBe('edit');
    expect(readChange('promote', null)).toBe('promote');
    expect(readChange('delete', null)).toBe('edit');
  });

  it('reads labels as kubectl does, and orders', () => {
    expect(readLabels('a=1,b= c.d/e-')).toEqual({
      set: [
        { key: 'a', value: '1' },
        { key: 'b', value: '' },
      ],
      remove: ['c.d/e'],
    });
    expect(readLabels('a')).toBeNull();
    expect([readOrder('1e3'), readOrder('last'), readOrder(' '), readOrder('NaN')]).toEqual([
      1000,
      null,
      undefined,
      undefined,
    ]);
  });

  it('has a template for each kind that its text names', () => {
    for (const { title, text } of TEMPLATES) expect(text).toContain(`kind: ${title.split(' ').at(-1)}\n`);
  });
});

const object = (kind: string, name: string, document: object, namespace: string | null = null): Listed =>
  listed({ id: `${kind}${name}`, kind, namespace, name, version: { document } });

describe("a cluster's objects", () => {
  const calico = { apiVersion: 'projectcalico.org/v3', spec: {} };
  const objects = [
    object('CalicoNetworkPolicy', 'default.web', calico, 'shop'),
    object('GlobalNetworkPolicy', 'dns', { ...calico, spec: { tier: 'security' } }),
    object('NetworkPolicy', 'web', { apiVersion: 'networking.k8s.io/v1' }, 'shop'),
    object('Tier', 'security', { spec: { order: 100 } }),
    object('Tier', 'late', { spec: {} }),
  ];

  it('have tiers where their kind has', () => {
    expect(objects.map((each) => each.tier)).toEqual(['default', 'security', null, null, null]);
  });
  it('are found by all words at once, wherever they stand', () => {
    expect(found(objects, 'shop web').map(({ kind }) => kind)).toEqual([
      'CalicoNetworkPolicy',
      'NetworkPolicy',
    ]);
    expect(found(objects, 'global SECURITY').map(({ name }) => name)).toEqual(['dns']);
    expect(found(objects, '')).toHaveLength(5);
  });
  it('tell the order of tiers, those without a manifest included', () => {
    expect(tiersOf(objects)).toEqual([
      'security',
      'adminnetworkpolicy',
      'default',
      'baselineadminnetworkpolicy',
      'late',
    ]);
  });
});

it('leads to the records and the edge of a flip', () => {
  const node = (name: string) => ({
    id: name,
    kind: 'WORKLOAD' as const,
    name,
    namespace: 'shop',
    cluster: 'c',
    parentId: null,
    members: null,
  });
  const flip = {
    source: node('web-*'),
    target: node('db-*'),
    port: 5432,
    protocol: 'tcp',
    edgeId: 'e',
  } as never;
  const ends =
    'source_namespace : "shop" and source_name_aggr : "web-*" and dest_namespace : "shop" and dest_name_aggr : "db-*"';
  expect(toLogs(flip, { from: 'a', to: 'b' })).toEqual({
    from: 'a',
    to: 'b',
    kind: 'FLOWS',
    query: `${ends} and dest_port : 5432 and proto : "tcp"`,
  });
  expect(toGraph([flip], flip)).toEqual({
    level: 'WORKLOAD',
    query: ends,
    selection: { type: 'edge', id: 'e' },
  });
  expect(toGraph([flip, flip], null).query).toBe(ends);
});
