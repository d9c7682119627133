import { expect, it } from 'vitest';
import { grouped, laidOut } from './groups';

const field = (name: string, type = 'keyword') => ({ name, type, multi: false, description: '' });

it('puts every field in one group, told or without', () => {
  const fields = ['action', 'source_ip', 'dest_port', 'tcp_mean_mss', 'policies.all_policies', 'id'].map(
    (name) => field(name),
  );
  const groups = grouped(
    { id: 'i', cluster: 'c', time: 't', action: 'ALLOW', destPort: 0, allPolicies: [] },
    [...fields, field('policies', 'nested')],
  );
  expect(groups.map((group) => group.title)).toEqual([
    'What happened',
    'Source',
    'Destination',
    'Policies',
    'TCP',
    'Record',
  ]);
  expect(groups.flatMap((group) => group.told.map(({ values }) => values))).toEqual([['allow'], [0], ['i']]);
  expect(groups.flatMap((group) => group.without.map(({ name }) => name))).toEqual([
    'source_ip',
    'policies.all_policies',
    'tcp_mean_mss',
  ]);
});

it('lays JSON out and leaves other lines as they are', () => {
  expect(laidOut('{"a":[1]}')).toBe('{\n  "a": [\n    1\n  ]\n}');
  expect(laidOut('2026-11-28 bird: <b>')).toBe('2026-11-28 bird: <b>');
});
