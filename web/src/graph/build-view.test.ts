import { describe, expect, it } from 'vitest';
import { applyChange, type GraphEdge } from '../domain/graph';
import { INFRA } from '../layers/layer';
import { standings } from '../layers/standing';
import { graphOf, viewOf, withServices } from './fixture';
import { Members } from './groups';
import { reuse } from './view';

const node = (view: ReturnType<typeof viewOf>, id: string) => view.nodes.find((each) => each.id === id);

describe('buildView', () => {
  it('draws a network as caller at the left and as called at the right', () => {
    const view = viewOf(graphOf(['pub>shop', 'shop>pub'], { pub: ['NETWORK'] }));
    expect(node(view, 'pub')).toMatchObject({ role: 'source', name: 'Public network' });
    expect(node(view, 'pub>')).toMatchObject({ role: 'target', nodeId: 'pub' });
    expect(view.edges.map(({ source, target }) => [source, target])).toEqual([
      ['pub', 'shop'],
      ['shop', 'pub>'],
    ]);
  });

  it('puts workloads of an opened namespace into its box, though the server left the namespace out', () => {
    const view = viewOf(graphOf(['a>b', 'a>cart-*'], { 'cart-*': ['WORKLOAD', 'shop'] }));
    expect(node(view, 'shop')).toMatchObject({ type: 'group', name: 'shop', shown: 1 });
    expect(node(view, 'cart-*')).toMatchObject({ type: 'workload', parent: 'shop', name: 'cart' });
  });

  it('opens a service to its workloads, and those back to it', () => {
    const kinds = { db: ['SERVICE', 'n'], api: ['SERVICE', 'n'], 'w-*': ['WORKLOAD', 'n'] } as const;
    const graph = withServices(graphOf(['w-*>db', 'db>api'], { ...kinds } as never), {
      db: ['db-*', 'replica-*'],
      api: [],
    });
    const view = viewOf(graph, { level: 'SERVICE' });
    expect(node(view, 'n')).toMatchObject({ type: 'group', shown: 3, isOpen: false });
    expect(node(view, 'db')).toMatchObject({ type: 'workload', toggles: 'db' });
    expect(node(view, 'db')?.note).toMatch(/^2 workloads/);
    expect(node(view, 'api')?.toggles).toBeNull();
    const opened = viewOf(
      {
        ...graph,
        nodes: new Map([...graph.nodes].map(([id, each]) => [id, { ...each, serviceId: 'db' }])),
      },
      { level: 'SERVICE', open: new Set(['db']) },
    );
    expect(node(opened, 'w-*')?.toggles).toBe('db');
  });

  it('lets a service step back once all workloads behind it do', () => {
    const kinds = { db: ['SERVICE', 'n'], web: ['WORKLOAD', 'n'] } as const;
    const graph = withServices(graphOf(['web>db'], { ...kinds } as never), { db: ['db-*', 'replica-*'] });
    const of = (...names: string[]) => {
      const members = names.map((name) => ({
        ...{ kind: 'WORKLOAD' as const, name, namespace: null, cluster: null },
      }));
      const layer = { ...INFRA, id: 'a', members };
      return node(viewOf(graph, { standing: standings([{ layer, state: 'dimmed' }]) }), 'db')?.standing.state;
    };
    expect(of('db')).toBe('shown');
    expect(of('db', 'replica')).toBe('dimmed');
  });

  it('opens at once with the workloads that are known, before the server has answered', () => {
    const members = new Members(
      graphOf(['cart-*>tax-*'], { 'cart-*': ['WORKLOAD', 'shop'], 'tax-*': ['WORKLOAD', 'shop'] }),
    );
    const view = viewOf(graphOf(['a>shop']), { open: new Set(['shop']), members });
    expect(node(view, 'shop')).toMatchObject({ type: 'group', pending: true, shown: 2 });
    expect(view.nodes.filter((each) => each.parent === 'shop').map((each) => each.name)).toEqual([
      'cart',
      'tax',
    ]);
  });

  it('draws traffic within a node only where something was denied', () => {
    const view = viewOf(graphOf(['a>a', 'b~b']));
    expect(view.inner.map((edge) => edge.id)).toEqual(['a-a', 'b-b']);
    expect(view.edges.map((edge) => edge.id)).toEqual(['b-b']);
  });

  it('dims the infra layer but never what was denied in it', () => {
    const view = viewOf(graphOf(['a>kube-system', 'b!kube-system']));
    expect(view.edges.map(({ id, dimmed }) => [id, dimmed])).toEqual([
      ['a-kube-system', true],
      ['b-kube-system', false],
    ]);
    const hidden = standings([{ layer: INFRA, state: 'hidden' }]);
    expect(viewOf(graphOf(['a>kube-system']), { standing: hidden }).edges).toEqual([]);
  });

  it('names the verdict and shows no sentinel', () => {
    const view = viewOf(graphOf(['a~b', '->a', '*>a'], { '-': ['HOST'], '*': ['HOST'] }));
    expect(view.edges.find((edge) => edge.id === 'a-b')?.verdict).toBe('mixed');
    expect(view.nodes.some((each) => each.name === '-' || each.name === '*')).toBe(false);
  });

  it('keeps the identity of nodes that a refresh did not change', () => {
    const graph = graphOf(['a>b', 'b>c']);
    const before = viewOf(graph);
    const quiet = graph.edges.get('b-c') as GraphEdge;
    const busier = {
      ...quiet,
      allowed: { ...quiet.allowed, connections: 900_000 },
    };
    const after = reuse(
      before,
      viewOf(
        applyChange(graph, {
          asOf: graph.asOf,
          from: graph.from,
          to: graph.to,
          nodes: [],
          edges: [busier],
          removed: [],
        }),
      ),
    );
    expect(node(after, 'a')).toBe(node(before, 'a'));
    expect(node(after, 'c')).not.toBe(node(before, 'c'));
  });
});

describe('applyChange', () => {
  it('adds, replaces and removes, and leaves the rest as it was', () => {
    const graph = graphOf(['a>b', 'b>c']);
    const other = graphOf(['b!d']);
    const next = applyChange(graph, {
      asOf: '2026-11-23T14:31:00Z',
      from: graph.from,
      to: graph.to,
      nodes: [...other.nodes.values()],
      edges: [...other.edges.values()],
      removed: ['b-c', 'c'],
    });
    expect([...next.nodes.keys()].sort()).toEqual(['a', 'b', 'd']);
    expect([...next.edges.keys()].sort()).toEqual(['a-b', 'b-d']);
    expect(next.nodes.get('b')).toBe(graph.nodes.get('b'));
    expect(graph.edges.has('b-c')).toBe(true);
  });
});
