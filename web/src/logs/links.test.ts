import { expect, it } from 'vitest';
import { KIND_LIST } from '../domain/log-kinds';
import { leads } from './linked';
import { kindOf, summary } from './links';

const base = { id: 'i', cluster: 'c', time: '2026-11-28T12:00:00Z' };

it('tells each record in a line, with nothing that could turn it', () => {
  const flow = {
    ...base,
    __typename: 'Flow',
    action: 'DENY',
    reporter: 'DST',
    sourceNamespace: 'shop',
    sourceNameAggr: 'web-*',
    destNameAggr: 'pub',
    destPort: 443,
  };
  expect(summary(flow)).toBe('shop/web → Public network:443 denied, dst');
  expect(summary({ ...flow, destDomains: ['x.com'] })).toBe('shop/web → x.com:443 denied, dst');
  expect(summary({ ...base, __typename: 'DnsLog', qname: 'a\u202eb', rcode: 'NXDomain' })).toBe(
    'a\\u202eb NXDomain',
  );
  expect(kindOf({ ...base, __typename: 'AuditLog' })).toBe('AUDIT');
});

it('leads from every kind to searches around its moment, by what the record names', () => {
  const record = {
    ...base,
    reporter: 'SRC',
    sourceNamespace: 'shop',
    sourceNameAggr: 'web-*',
    destNameAggr: 'db-*',
    destPort: 5432,
    proto: 'tcp',
  };
  const [other, lookups] = leads('FLOWS', record);
  expect(other?.to).toEqual({
    kind: 'FLOWS',
    from: '2026-11-28T11:55:00Z',
    to: '2026-11-28T12:05:00Z',
    query:
      'source_namespace : shop and source_name_aggr : "web-*" and dest_name_aggr : "db-*" and dest_port : 5432 and proto : tcp and reporter : dst',
  });
  expect(lookups?.to.query).toBe('client_namespace : shop and client_name_aggr : "web-*"');
  for (const { kind } of KIND_LIST) expect(leads(kind, base).every(({ to }) => to.query)).toBe(true);
});
