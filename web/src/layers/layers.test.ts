import { describe, expect, it } from 'vitest';
import type { GraphNode } from '../domain/graph';
import { graphOf, viewOf } from '../graph/fixture';
import { Members } from '../graph/groups';
import {
  belonging,
  INFRA,
  type Layer,
  type LayerMember,
  layerDocument,
  memberFrom,
  memberOf,
  memberWords,
} from './layer';
import { fitting, literally } from './pattern';
import { type Placed, placedLayers, placedWords, placesOf, standings, withPlace } from './standing';

const node = (kind: GraphNode['kind'], name: string, namespace: string | null = null): GraphNode => ({
  id: `${kind}:${namespace}/${name}`,
  kind,
  name,
  namespace: kind === 'NAMESPACE' ? name : namespace,
  cluster: 'east',
  parentId: null,
  members: null,
});
const layer = (members: Partial<LayerMember>[], id = 'l'): Layer => ({
  id,
  title: `Layer ${id}`,
  members: members.map((each) => ({ kind: 'NAMESPACE', name: '*', namespace: null, cluster: null, ...each })),
  filter: null,
});
const hidden = (...members: Partial<LayerMember>[]): Placed => ({ layer: layer(members), state: 'hidden' });

describe('a pattern', () => {
  it.each([
    ['shop', 'shop', true],
    ['shop', 'shops', false],
    ['shop-*', 'shop-eu', true],
    ['*-db', 'orders-db', true],
    ['a*b*c', 'a1b2b3c', true],
    ['a*b*c', 'acb', false],
    ['ab*ba', 'aba', false],
    ['cart-\\*', 'cart-*', true],
    ['cart-\\*', 'cart-1', false],
    ['*', '', true],
  ])('%s on %s', (pattern, name, fits) => expect(fitting(pattern)(name)).toBe(fits));

  it('that is literal fits nothing but its name', () => {
    const hostile = 'a\\*b\u202e*';
    expect(fitting(literally(hostile))(hostile)).toBe(true);
    expect(fitting(literally('a*'))('ab')).toBe(false);
  });

  it('takes no time over a long name', () => {
    const started = performance.now();
    expect(fitting(`${'*a'.repeat(200)}*b`)('a'.repeat(100_000))).toBe(false);
    expect(performance.now() - started).toBeLessThan(500);
  });
});

describe('a layer', () => {
  it('has a namespace with all that lives in it', () => {
    const has = belonging(layer([{ name: 'shop-*' }]));
    expect(has(node('NAMESPACE', 'shop-eu'))).toBe(true);
    expect(has(node('WORKLOAD', 'cart-*', 'shop-eu'))).toBe(true);
    expect(has(node('FQDN', 'shop-eu.example.com'))).toBe(false);
  });

  it('has a workload by the name that people read, whatever its ReplicaSet', () => {
    const has = belonging(layer([{ kind: 'WORKLOAD', namespace: 'shop', name: 'cart' }]));
    expect(has(node('WORKLOAD', 'cart-5f8b9c7d6-*', 'shop'))).toBe(true);
    expect(has(node('WORKLOAD', 'cart-*', 'shop'))).toBe(true);
    expect(has(node('WORKLOAD', 'cart-redis-*', 'shop'))).toBe(false);
    expect(has(node('WORKLOAD', 'cart-*', 'data'))).toBe(false);
  });

  it('of one cluster has nothing of another', () => {
    const has = belonging(layer([{ name: 'shop', cluster: 'west' }]));
    expect(has(node('NAMESPACE', 'shop'))).toBe(false);
  });

  it('is made of nodes that were selected, and means them', () => {
    for (const each of [
      node('NAMESPACE', 'shop'),
      node('WORKLOAD', 'cart-5f8b9c7d6-*', 'shop'),
      node('HOST', 'node*1'),
      node('NETWORK', 'pub'),
      node('FQDN', 'api.example.com'),
    ]) {
      const member = memberOf(each, true);
      expect(belonging(layer([member]))(each)).toBe(true);
      expect(member.cluster).toBe('east');
    }
    expect(memberOf(node('WORKLOAD', 'cart-5f8b9c7d6-*', 'shop'), false)).toEqual({
      kind: 'WORKLOAD',
      name: 'cart',
      namespace: 'shop',
      cluster: null,
    });
  });

  it('is typed as people read it', () => {
    expect(memberFrom(' shop-* ')).toMatchObject({ kind: 'NAMESPACE', name: 'shop-*' });
    expect(memberFrom('shop/cart')).toMatchObject({ kind: 'WORKLOAD', name: 'cart', namespace: 'shop' });
    expect([memberFrom(''), memberFrom('shop/'), memberFrom('/cart')]).toEqual([null, null, null]);
    expect(memberWords(memberFrom('shop/cart') as LayerMember)).toBe('shop/cart');
    expect(memberWords(memberOf(node('NETWORK', 'pub'), true))).toBe('Public network · east');
    const words = { title: 'T', description: '', filter: '' };
    expect(layerDocument(words, [memberOf(node('NETWORK_SET', 'vpn'), false)])).toEqual({
      format: 1,
      ...words,
      members: [{ kind: 'network_set', name: 'vpn' }],
    });
  });

  it('of the infrastructure has what runs the cluster', () => {
    const has = belonging(INFRA);
    const names = [
      'kube-system',
      'cilium',
      'cert-manager',
      'monitoring',
      'shop',
      'monitoring-eu',
      'my-kube-x',
    ];
    expect(names.filter((name) => has(node('NAMESPACE', name)))).toEqual(names.slice(0, 4));
    expect(has(node('HOST', 'node-1'))).toBe(true);
    expect(has(node('WORKLOAD', 'coredns-*', 'kube-system'))).toBe(true);
  });
});

describe('what the address says', () => {
  it('is a state by layer, and nothing of what is shown', () => {
    const texts = withPlace(withPlace(['hidden:a:b', 'dimmed:c'], 'c', 'hidden'), 'd', 'dimmed');
    expect(texts).toEqual(['hidden:a:b', 'hidden:c', 'dimmed:d']);
    expect(withPlace(texts, 'a:b', 'shown')).toEqual(['hidden:c', 'dimmed:d']);
    expect([...placesOf(['shown:a', 'x', 'hidden:'])]).toEqual([]);
  });

  it('is told in a few words', () => {
    const [a, b] = [layer([], 'a'), layer([], 'b')];
    const words = (infra: 'shown' | 'dimmed' | 'hidden', texts: string[], known: Layer[] | null = [a, b]) =>
      placedWords(placedLayers(infra, texts, known), texts);
    expect(words('shown', [])).toBe('all shown');
    expect(words('hidden', [])).toBe('infra hidden');
    expect(words('shown', ['dimmed:a'])).toBe('Layer a dimmed');
    expect(words('dimmed', ['dimmed:a', 'hidden:b'])).toBe('2 dimmed, 1 hidden');
    expect(words('dimmed', ['hidden:gone'])).toBe('1 dimmed, 1 unknown');
  });

  it('gives a node the strongest state of its layers', () => {
    const of = standings([
      { layer: layer([{ name: 'shop' }], 'a'), state: 'dimmed' },
      { layer: layer([{ name: 's*' }], 'b'), state: 'hidden' },
      { layer: layer([{ name: '*' }], 'c'), state: 'shown' },
    ]);
    expect(of(node('NAMESPACE', 'shop'))).toEqual({ state: 'hidden', layer: 'Layer b' });
    expect(of(node('NAMESPACE', 'data'))).toEqual({ state: 'shown', layer: null });
  });
});

describe('a picture with layers', () => {
  const ids = (view: ReturnType<typeof viewOf>) => view.nodes.map(({ id }) => id).sort();

  it('leaves out what is hidden, and whoever outside dealt with nobody else', () => {
    const graph = graphOf(['pub>shop', 'pub>data', 'shop>api', 'a>shop'], {
      pub: ['NETWORK'],
      api: ['FQDN'],
    });
    const view = viewOf(graph, { standing: standings([hidden({ name: 'shop' })]) });
    expect(ids(view)).toEqual(['a', 'data', 'pub']);
    expect(view.edges.map(({ id }) => id)).toEqual(['pub-data']);
  });

  it('leaves out a closed namespace once all that live in it are hidden', () => {
    const kinds = { cart: ['WORKLOAD', 'shop'], web: ['WORKLOAD', 'shop'] } as const;
    const members = new Members(graphOf(['cart>web'], kinds as never));
    const graph = graphOf(['a>shop']);
    const only = (...names: string[]) =>
      viewOf(graph, {
        members,
        standing: standings([hidden(...names.map((name) => ({ kind: 'WORKLOAD' as const, name })))]),
      });
    expect(ids(only('cart'))).toEqual(['a', 'shop']);
    expect(ids(only('cart', 'web'))).toEqual(['a']);
    const open = viewOf(graphOf(['a>cart', 'a>web'], kinds as never), {
      standing: standings([hidden({ kind: 'WORKLOAD', name: 'cart' })]),
    });
    expect(ids(open)).toEqual(['a', 'shop', 'web']);
  });

  it('dims edges by their flows, with nodes that have no others, and never what was denied', () => {
    const graph = graphOf(['a>dns', 'b~dns', 'a>b']);
    const view = viewOf(graph, { dimmed: new Set(['a-dns', 'b-dns']) });
    expect(view.edges.map(({ id, dimmed }) => [id, dimmed])).toEqual([
      ['a-dns', true],
      ['b-dns', false],
      ['a-b', false],
    ]);
    expect(view.nodes.map(({ id, standing }) => [id, standing.state]).sort()).toEqual([
      ['a', 'shown'],
      ['b', 'shown'],
      ['dns', 'dimmed'],
    ]);
  });
});
