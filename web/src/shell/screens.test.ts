import { expect, it } from 'vitest';
import { DEFAULTS } from '../domain/url-state';
import { carried, titleOf } from './screens';

const logs = {
  ...DEFAULTS,
  from: 'now-6h',
  kind: 'DNS' as const,
  query: 'client_namespace : shop and rcode : NXDomain',
  columns: ['qname'],
  record: 'r',
  tail: true,
};

it('carries range and filter from the logs, and leaves behind what only logs have', () => {
  expect(carried(logs, '/')).toEqual({ ...DEFAULTS, from: 'now-6h', query: 'source_namespace : shop' });
  expect(carried({ ...logs, alert: 'a' }, '/logs')).toEqual(logs);
});

it('keeps a tried change on its own page only', () => {
  const tried = { ...DEFAULTS, object: 'Tier:/default', change: 'default', value: 'PASS', flip: 'f' };
  expect(carried(tried, '/policies/what-if')).toEqual(tried);
  expect(carried(tried, '/')).toEqual(DEFAULTS);
});

it('keeps what is recommended to whom on its own page only', () => {
  const asked = { ...DEFAULTS, style: 'CALICO' as const, unwanted: ['dest_port : 22'], recommended: 'a/b' };
  expect(carried(asked, '/policies/recommended')).toEqual(asked);
  expect(carried(asked, '/policies')).toEqual(DEFAULTS);
});

it('keeps how a ring is looked at on its own page only', () => {
  const ring = { ...DEFAULTS, status: 'denied' as const, power: 0.7, zoom: ['ns:a'] };
  expect(carried(ring, '/flows')).toEqual(ring);
  expect(carried(ring, '/')).toEqual(DEFAULTS);
});

it('opens what is kept on the page that keeps it only', () => {
  const opened = { ...DEFAULTS, opened: 'prod-eu' };
  expect(carried(opened, '/alerts/feeds')).toEqual(DEFAULTS);
});

it('has a title for every address', () => {
  expect(titleOf('/logs')).toBe('Logs');
  expect(titleOf('/flows')).toBe('Flow Visualizer');
  expect(titleOf('/dashboards/abc')).toBe('Dashboards');
  expect(titleOf('/policies/what-if')).toBe('Policy What-if');
  expect(titleOf('/policies/recommended')).toBe('Recommended Policies');
  expect(titleOf('/posture')).toBe('Security Posture');
  expect(titleOf('/elsewhere')).toBe('Tapetum');
});
