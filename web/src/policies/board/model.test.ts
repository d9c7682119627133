import { describe, expect, it } from 'vitest';
import type { Board, Card, Policy, Rule, Tier, Version } from '../../api/policies';
import { changeOf } from './changes';
import { beside, countsOf, flowsAtEnd, flowsOf, manifestOf, shown } from './model';

const card = (name: string, more: Partial<Card> = {}): Card =>
  ({
    id: name,
    kind: 'CalicoNetworkPolicy',
    namespace: 'shop',
    name,
    tier: 'default',
    staged: null,
    unused: false,
    counts: { allowed: '1', denied: '0', passed: '0' },
    rules: [],
    ...more,
  }) as unknown as Card;
const tier = (name: string, ...policies: Card[]): Tier => ({ name, cluster: 'c', policies }) as Tier;
const idle = [{ finding: { kind: 'SHADOWED' } }, { finding: null }] as Card['rules'];
const board = {
  tiers: [
    tier('first', card('a', { namespace: null }), card('b', { staged: 'SET' })),
    tier('second'),
    tier('third', card('c', { rules: idle }), card('d', { unused: true }), card('e', { namespace: 'pay' })),
  ],
} as unknown as Board;
const names = (tiers: Tier[]) => tiers.map(({ policies }) => policies.map(({ name }) => name).join(''));

it('names the manifest as the cluster does, for a change to be tried on', () => {
  const web = { kind: 'CalicoNetworkPolicy', namespace: 'shop', name: 'web' };
  const versions = [{ document: null }, { document: { metadata: { name: 'first.web' } } }] as Version[];
  expect(manifestOf({ ...web, history: versions } as Policy)).toEqual({ ...web, name: 'first.web' });
  expect(manifestOf({ ...web, history: [] as Version[] } as Policy)).toEqual(web);
});

describe('what the board shows', () => {
  it('counts what each choice would show', () => {
    expect(countsOf(board)).toEqual({ all: 5, denying: 0, staged: 1, unused: 1, idle: 1 });
  });

  it('keeps all tiers, and policies that fit words, choice and scope', () => {
    expect(names(shown(board, 'all', '', []))).toEqual(['ab', '', 'cde']);
    expect(names(shown(board, 'idle', '', []))).toEqual(['', '', 'c']);
    expect(names(shown(board, 'all', 'PAY/', []))).toEqual(['', '', 'e']);
    expect(names(shown(board, 'all', '', ['pay']))).toEqual(['a', '', 'e']);
  });

  it('goes from card to card, past tiers that show none', () => {
    const tiers = board.tiers as Tier[];
    expect(beside(tiers, null, 'ArrowDown')).toBe('a');
    expect(beside(tiers, 'a', 'ArrowDown')).toBe('b');
    expect(beside(tiers, 'b', 'ArrowDown')).toBe('b');
    expect(beside(tiers, 'b', 'ArrowRight')).toBe('d');
    expect(beside(tiers, 'e', 'ArrowLeft')).toBe('b');
    expect(beside(tiers, 'a', 'ArrowLeft')).toBe('a');
  });
});

describe('ready filters', () => {
  it('name a policy as logs do, with what it did', () => {
    expect(flowsOf(card('x"y'), false, 'deny')).toBe(
      'policy_hits : { name : "x\\"y" and tier : "default" and namespace : "shop" and kind : "CalicoNetworkPolicy"' +
        ' and set : enforced and action : "deny" }',
    );
    const rule = { side: 'INGRESS', index: 3 } as Rule;
    expect(flowsOf(card('b', { namespace: null, kind: '' }), true, undefined, rule)).toBe(
      'policy_hits : { name : "b" and tier : "default" and set : pending and rule_index : 3 } and reporter : dst',
    );
  });

  it('find what came to the end of a tier', () => {
    expect(flowsAtEnd(tier('t'))).toBe(
      'policy_hits : { tier : "t" and end_of_tier : true and set : enforced }',
    );
  });
});

describe('changes between versions', () => {
  const version = (spec: unknown): Version =>
    ({ document: spec === null ? null : { spec } }) as unknown as Version;
  it.each([
    [version({ order: 5 }), undefined, 'First known'],
    [version(null), version({}), 'Deleted'],
    [version({}), version(null), 'Created again'],
    [version({ order: 5 }), version({ order: 6 }), 'order from 6 to 5'],
    [version({ ingress: [1] }), version({ ingress: [1, 2] }), 'ingress rules from 2 to 1'],
    [
      version({ ingress: [1], order: 1 }),
      version({ ingress: [2] }),
      'ingress rules changed; order from none to 1',
    ],
    [version({}), version({}), 'Labels or annotations changed'],
  ])('says what %o changed', (now, before, told) => {
    expect(changeOf(now, before)).toBe(told);
  });
});
