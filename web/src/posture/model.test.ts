import { expect, it } from 'vitest';
import type { Action, Posture, Rating } from '../api/posture';
import { change, levelOf, points, scoped, targetOf, whole } from './model';

const rating = (namespace: string | null, score: number | null): Rating => ({
  cluster: 'east',
  namespace,
  score,
  atMost: 100,
  coverage: 0.5,
  workloads: 1,
  trend: [],
  trendCoverage: [],
  components: [],
});
const action = (over: Partial<Action>): Action => ({
  component: 'GAPS',
  cluster: 'east',
  namespace: 'shop',
  subjects: 1,
  text: '',
  workloads: [],
  gain: 1,
  certain: true,
  page: 'LOGS',
  filter: 'action : deny',
  id: 'a',
  dismissal: null,
  ...over,
});
const posture = {
  overall: rating(null, 50),
  namespaces: [rating('pay', 20), rating('shop', 70)],
  actions: [action({}), action({ namespace: 'pay' }), action({ namespace: null, certain: false })],
  dismissed: [action({ component: 'EGRESS' }), action({ component: 'EGRESS', namespace: 'pay' })],
} as unknown as Posture;

it('never rounds up to a hundred, and calls unknown what is', () => {
  expect([99.99, 100, 0].map(whole)).toEqual(['99', '100', '0']);
  expect([null, 0, 60, 80].map(levelOf)).toEqual(['unknown', 'poor', 'fair', 'good']);
  expect([0.04, 5.3, 4, 12.6].map(points)).toEqual(['< 0.1', '5.3', '4', '13']);
});

it('tells a change only between what is known as well', () => {
  expect(change({ trend: [null, 40, 52.4], trendCoverage: [0, 0.9, 0.9] })).toBe(12);
  expect(change({ trend: [6, 40, 52.4], trendCoverage: [0.3, 0.85, 0.9] })).toBe(12);
  expect(change({ trend: [6, 40], trendCoverage: [0.3, 0.9] })).toBeNull();
  expect(change({ trend: [], trendCoverage: [] })).toBeNull();
});

it('keeps to the scope, and to what is missing for all of the cluster', () => {
  expect(scoped(posture, []).rating.score).toBe(50);
  const shop = scoped(posture, ['shop']);
  expect(shop.rating.score).toBe(70);
  expect(shop.actions.map(({ namespace }) => namespace)).toEqual(['shop', null]);
  expect(shop.dismissed.map(({ namespace }) => namespace)).toEqual(['shop']);
  expect(scoped(posture, ['shop', 'pay']).rating.score).toBe(50);
  expect(scoped(posture, ['gone']).namespaces).toEqual([]);
});

it('leads to where an action begins', () => {
  expect(targetOf(action({}))).toMatchObject({
    to: '/logs',
    patch: { query: 'action : deny', cluster: 'east' },
  });
  expect(targetOf(action({ page: 'RECOMMENDED_POLICIES' }))).toMatchObject({
    to: '/policies/recommended',
    patch: { namespaces: ['shop'] },
  });
  expect(targetOf(action({ page: 'LOGS', namespace: null, filter: null })).patch.query).toBe('');
});
