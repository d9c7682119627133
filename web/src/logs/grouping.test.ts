import { expect, it } from 'vitest';
import { groupCondition, groupedAsk, keyWord, measured } from './grouping';

const question = {
  kind: 'FLOWS' as const,
  range: { from: 'now-1h', to: 'now' },
  clusters: null,
  filter: 'a : 1 or b : 2',
  orderBy: null,
};

it('narrows the filter of the page by that of the query', () => {
  const ask = groupedAsk(
    question,
    { filter: 'c : 3', groupBy: ['host'], metrics: [{ op: 'sum', field: 'bytes_in' }], limit: 9999 },
    { metric: 0, descending: true },
  );
  expect(ask).toMatchObject({
    filter: '(a : 1 or b : 2) and c : 3',
    metrics: [{ op: 'SUM', field: 'bytes_in' }],
    limit: 500,
    reporters: 'COMBINED',
    orderBy: { metric: 0, direction: 'DESC' },
  });
});

it('leads from a group to its records, also to those without a value', () => {
  expect(groupCondition(['source_namespace', 'dest_port'], ['a b', null])).toBe(
    'source_namespace : "a b" and not dest_port : *',
  );
});

it('reads keys and values as people do', () => {
  expect(keyWord('FLOWS', 'source_namespace', null)).toBe('outside cluster');
  expect(keyWord('FLOWS', 'dest_name_aggr', 'pub')).toBe('Public network');
  expect(keyWord('FLOWS', 'dest_name_aggr', 'web-*')).toBe('web');
  expect(keyWord('DNS', 'rcode', null)).toBe('unlogged');
  expect(measured({ op: 'sum', field: 'bytes_in' }, 2000)).toBe('2 KB');
  expect(measured({ op: 'avg', field: 'tcp_mean_smooth_rtt', unit: 'us' }, 1500)).toBe('1.5 ms');
  expect(measured({ op: 'distinct', field: 'bytes_in' }, 2000)).toBe('2,000');
  expect(measured({ op: 'sum', field: 'x' }, null)).toBe('no data');
});
