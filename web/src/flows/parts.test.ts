import { describe, expect, it } from 'vitest';
import type { Alert } from '../domain/alert';
import { graphOf } from '../graph/fixture';
import { entriesOf } from './entries';
import { linksOf, litOf, siblings } from './lit';
import { type EdgeDetail, portRing } from './ports';
import { buildRing, type Link } from './ring';
import { threatsOf } from './threats';

const GRAPH = graphOf(['pub>web', 'web>cart', 'web~db', 'cart!db', 'db>web'], {
  web: ['WORKLOAD', 'shop'],
  cart: ['WORKLOAD', 'shop'],
  db: ['WORKLOAD', 'data'],
  pub: ['NETWORK'],
});
const RING = buildRing(GRAPH, [], 'all');
const link = (id: string) => RING.links.find((each) => each.id === id) as Link;
const ids = (links: Iterable<{ id: string } | string>) =>
  [...links].map((each) => (typeof each === 'string' ? each : each.id));

describe('what comes forward', () => {
  it('is everything where nothing is pointed at', () => {
    expect(litOf(RING, null, null)).toEqual({ links: null, arcs: null, groups: null });
  });

  it('is what touches an arc or a namespace', () => {
    const arc = litOf(RING, { type: 'arc', id: 'cart' }, null);
    expect(ids(arc.links ?? [])).toEqual(['cart-db denied', 'web-cart allowed']);
    expect(ids(arc.arcs ?? []).sort()).toEqual(['cart', 'db', 'web']);
    const group = litOf(RING, { type: 'group', id: 'data' }, null);
    expect(ids(group.links ?? [])).toEqual([
      'cart-db denied',
      'db-web allowed',
      'web-db allowed',
      'web-db denied',
    ]);
  });

  it('is what the filter matches while it only highlights', () => {
    const lit = litOf(RING, null, new Set(['web-db']));
    expect(ids(lit.links ?? [])).toEqual(['web-db allowed', 'web-db denied']);
  });

  it('has of a ribbon both ways and both verdicts, its own first', () => {
    expect(ids(siblings(RING, link('web-db denied')))).toEqual([
      'web-db denied',
      'web-db allowed',
      'db-web allowed',
    ]);
  });
});

it('walks the flows of a name denied first, then by volume', () => {
  const walked = linksOf(RING, 'web', ({ traffic }) => traffic.bytes ?? 0);
  expect(walked[0]?.id).toBe('web-db denied');
  expect(walked).toHaveLength(5);
});

it('lists each namespace, name and path once, with what it carried', () => {
  const lists = entriesOf(RING, 'connections');
  expect(lists.namespaces.map(({ name, weight }) => [name, weight])).toEqual([
    ['shop', 100 + 100 + 107 + 7 + 100],
    ['data', 107 + 7 + 100],
    ['Outside cluster', 100],
  ]);
  expect(lists.workloads.find(({ name }) => name === 'db')?.denied.connections).toBe(14);
  expect(lists.paths.map(({ name }) => name)).toEqual([
    'web → db',
    'cart → db',
    'db → web',
    'Public network → web',
    'web → cart',
  ]);
});

it('marks open alerts at the source, or at the namespace that hides it', () => {
  const alert = (more: object) =>
    ({ status: 'OPEN', level: 'HIGH', edgeId: null, source: null, ...more }) as Alert;
  const marks = threatsOf(RING, [
    alert({ edgeId: 'web-db', source: { id: 'web', parentId: 'shop' } }),
    alert({ level: 'CRITICAL', source: { id: 'web', parentId: 'shop' } }),
    alert({ source: { id: 'hidden', parentId: 'db' } }),
    alert({ edgeId: 'cart-db', status: 'DISMISSED', source: { id: 'cart', parentId: 'shop' } }),
  ]);
  expect([...marks.edges]).toEqual(['web-db']);
  expect([...marks.arcs]).toEqual([
    ['web', { level: 'CRITICAL', count: 2 }],
    ['db', { level: 'HIGH', count: 1 }],
  ]);
});

describe('one flow', () => {
  const traffic = (connections: string) => ({ records: '1', connections, packets: '2', estimated: false });
  const none = { records: '0', connections: null, packets: null, estimated: false };
  const end = (id: string, parentId: string) => ({
    ...{ id, name: `${id}-*`, kind: 'WORKLOAD', namespace: parentId, cluster: 'c', parentId, members: null },
  });
  const detail = {
    id: 'web-db',
    source: end('web', 'shop'),
    target: end('db', 'data'),
    ports: [
      { protocol: 'tcp', port: 5432, allowed: traffic('10'), denied: traffic('3') },
      { protocol: 'tcp', port: 22, allowed: none, denied: traffic('1') },
      { protocol: '\u202eicmp', port: null, allowed: traffic('4'), denied: none },
    ],
  } as unknown as EdgeDetail;

  it('has its ports around it, each verdict apart, and keeps the volume', () => {
    const ring = portRing(detail, GRAPH, 'all');
    expect(ring.groups.map(({ name }) => name)).toEqual(['web', 'db']);
    expect(ring.arcs.map(({ name }) => name)).toEqual(['web', '\\u202eicmp/any', 'tcp/22', 'tcp/5432']);
    expect(ring.links).toHaveLength(4);
    expect(ring.arcs[0]?.allowed.connections).toBe(14);
    expect(ring.arcs[0]?.denied.connections).toBe(4);
  });

  it('shows of one status only the ports that have it', () => {
    expect(portRing(detail, GRAPH, 'denied').arcs.map(({ name }) => name)).toEqual([
      'web',
      'tcp/22',
      'tcp/5432',
    ]);
    expect(portRing({ ...detail, ports: [] }, GRAPH, 'all').arcs).toEqual([]);
  });
});
