import { describe, expect, it } from 'vitest';
import type { PolicyTrace, Step } from '../api/policy-trace';
import { agreement, loggedSteps, pendingOf } from './decided';

const step = (name: string, action: Step['action'], rest: Partial<Step> = {}): Step => ({
  tier: 'default',
  kind: 'CalicoNetworkPolicy',
  namespace: 'shop',
  name,
  action,
  ruleIndex: 0,
  staged: false,
  endOfTier: false,
  ...rest,
});
const way = (verdict: 'ALLOW' | 'DENY' | 'UNCERTAIN', ...steps: Step[]) => ({ verdict, steps, doubts: [] });
const trace = (rest: Partial<PolicyTrace> = {}): PolicyTrace => ({
  asOf: '',
  side: 'INGRESS',
  action: 'ALLOW',
  logged: [{ set: 'ENFORCED', ...step('db', 'ALLOW') }],
  enforced: way('ALLOW', step('db', 'ALLOW')),
  pending: null,
  warnings: [],
  ...rest,
});

describe('what decides a flow', () => {
  it('agrees step by step', () => {
    expect(agreement(trace())).toEqual({
      tone: 'allowed',
      text: 'The policies of that time say allowed, step by step as the record does.',
    });
  });
  it('says where the steps are others', () => {
    const other = trace({ enforced: way('ALLOW', step('db', 'ALLOW', { ruleIndex: 2 })) });
    expect(agreement(other).text).toContain('by other steps');
  });
  it('warns where the verdict is another', () => {
    const told = agreement(trace({ enforced: way('DENY', step('db', 'DENY')) }));
    expect(told).toEqual({
      tone: 'doubt',
      text: 'The policies of that time say denied; the record says otherwise.',
    });
  });
  it('says what cannot be decided', () => {
    expect(agreement(trace({ enforced: null })).tone).toBe('doubt');
    expect(agreement(trace({ enforced: way('UNCERTAIN') })).text).toContain('does not tell');
  });
  it('reads only the steps that took effect', () => {
    const logged = [
      { set: 'PENDING' as const, ...step('strict', 'DENY', { staged: true }) },
      { set: 'ENFORCED' as const, ...step('db', 'ALLOW') },
    ];
    expect(loggedSteps(trace({ logged })).map(({ name }) => name)).toEqual(['db']);
  });
  it('tells of staged policies where they would do otherwise', () => {
    expect(pendingOf(trace({ pending: way('ALLOW', step('db', 'ALLOW')) }))).toBeNull();
    expect(pendingOf(trace({ pending: way('DENY', step('strict', 'DENY')) }))?.verdict).toBe('DENY');
  });
});
