import { expect, it } from 'vitest';
import { readColumns } from './columns';

it('reads parallel columns into a graph, and keeps what is not counted apart from zero', () => {
  const { nodes, edges } = readColumns({
    nodes: {
      id: ['a', 'b'],
      kind: ['NAMESPACE', 'FQDN'],
      name: ['shop', 'x.com'],
      namespace: ['shop', null],
      cluster: ['c', 'c'],
      parentId: [null, null],
      members: [4, null],
    },
    edges: {
      id: ['e'],
      source: [0],
      target: [1],
      allowed: {
        records: [2],
        connections: [null],
        packets: [7],
        bytesToTarget: ['9007199254740993'],
        bytesToSource: [1],
        estimated: [true],
      },
      denied: { records: [0], connections: [0] },
    },
  });
  expect(nodes.get('b')).toMatchObject({ kind: 'FQDN', namespace: null, members: null });
  expect(edges.get('e')).toMatchObject({
    source: 'a',
    target: 'b',
    allowed: { records: 2, connections: null, packets: 7, estimated: true },
    denied: { records: 0, connections: 0, bytes: null },
  });
});
