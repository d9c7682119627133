import { expect, it } from 'vitest';
import { KINDS } from '../domain/log-kinds';
import { readColumns } from './columns';
import { exportAddress } from './exporting';

it('asks for what is shown: filter, range, clusters, order, and the fields behind the columns', () => {
  const question = {
    kind: 'DNS' as const,
    range: { from: 'now-1h', to: 'now' },
    clusters: ['c&d'],
    filter: 'qname : "x & y"',
    orderBy: { field: 'count', direction: 'DESC' as const },
  };
  const columns = readColumns(['start_time', '@client', 'client_ip'], KINDS.DNS, null);
  const address = new URL(exportAddress(question, columns, 'csv'), 'http://h');
  expect(address.pathname).toBe('/export/v1/dns.csv');
  expect(Object.fromEntries(address.searchParams)).toEqual({
    from: 'now-1h',
    to: 'now',
    filter: 'qname : "x & y"',
    clusters: 'c&d',
    order: 'count:desc',
    columns: 'start_time,client_namespace,client_name_aggr,client_name,client_ip',
  });
});
