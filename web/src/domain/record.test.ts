import { expect, it } from 'vitest';
import { firstOf, isUnlogged, type LogRecord, pathOf, sampledOneIn, textOf, valuesOf } from './record';

const record = (fields: object): LogRecord => ({ id: 'i', cluster: 'c', time: 't', ...fields });

it('finds stored names in the answer of the API', () => {
  expect(pathOf('num_flows_started')).toEqual(['numFlowsStarted']);
  expect(pathOf('policies.all_policies')).toEqual(['allPolicies']);
  expect(pathOf('policy_hits.rule_index')).toEqual(['policyHits', 'ruleIndex']);
  expect(pathOf('objectRef.apiGroup')).toEqual(['objectRef', 'apiGroup']);
  expect(firstOf(record({ l7: 1, srcNameAggr: 'web' }), 'src_name_aggr')).toBe('web');
});

it('gathers the values of lists and of objects in lists', () => {
  const answered = record({ rrsets: [{ rdata: ['a', 'b'] }, { rdata: ['c'] }, { rdata: null }] });
  expect(valuesOf(answered, 'rrsets.rdata')).toEqual(['a', 'b', 'c']);
  expect(valuesOf(record({ sourceIPs: ['::1'] }), 'sourceIPs')).toEqual(['::1']);
  expect(valuesOf(record({ destDomains: ['x.com', 'y.com'] }), 'dest_domain')).toEqual(['x.com']);
});

it('keeps zero and false, and says when there is nothing', () => {
  expect(firstOf(record({ bytesIn: '0' }), 'bytes_in')).toBe('0');
  expect(valuesOf(record({ policyHits: [{ staged: false }] }), 'policy_hits.staged')).toEqual([false]);
  expect(firstOf(record({ bytesIn: null }), 'bytes_in')).toBeNull();
  expect(textOf(record({}), 'objectRef.name')).toBeNull();
});

it('writes enums as filters do', () => {
  expect(firstOf(record({ action: 'DENY' }), 'action')).toBe('deny');
  expect(valuesOf(record({ policyHits: [{ set: 'PENDING' }] }), 'policy_hits.set')).toEqual(['pending']);
});

it('tells estimates and unlogged requests', () => {
  expect(sampledOneIn(record({ sampling: '50' }))).toBe(50);
  expect(sampledOneIn(record({ sampling: '1' }))).toBeNull();
  expect(sampledOneIn(record({ sampling: null }))).toBeNull();
  expect(isUnlogged(record({ type: 'UNLOGGED' }))).toBe(true);
  expect(isUnlogged(record({ type: 'LOG' }))).toBe(false);
});
