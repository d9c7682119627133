import { describe, expect, it } from 'vitest';
import { applyChange } from '../../domain/graph';
import { graphOf, viewOf } from '../fixture';
import { arrange, settle } from './arrange';
import { layoutGroup } from './group';
import { planOf } from './plan';
import { quickLayout } from './quick';
import { overlaps, type Rect } from './size';
import { surround } from './surround';

const EDGES = [
  'pub>shop',
  'shop>cart',
  'cart>pay',
  'pay>bank.com',
  'pay>db',
  'cart>db',
  'shop!db',
  'a>kube-system',
  'shop>a',
  'pay>shop',
];
const KINDS = { pub: ['NETWORK'], 'bank.com': ['FQDN'] } as const;
const graph = (edges = EDGES) => graphOf(edges, KINDS as never);
const lay = (view: ReturnType<typeof viewOf>) => {
  const plan = planOf(view);
  return surround(quickLayout(plan), plan);
};
const clash = (rects: ReadonlyMap<string, Rect>, parents: Map<string, string | null>) => {
  const list = [...rects].filter(([id]) => parents.get(id) === null);
  return list.flatMap(([a, one], at) =>
    list.slice(at + 1).flatMap(([b, two]) => (overlaps(one, two) ? [`${a} ${b}`] : [])),
  );
};
const parentsOf = (view: ReturnType<typeof viewOf>) =>
  new Map(view.nodes.map((node) => [node.id, node.parent]));

describe('the whole', () => {
  it('is the same whatever order the nodes and edges arrive in', () => {
    const there = lay(viewOf(graph()));
    const back = lay(viewOf(graph([...EDGES].reverse())));
    expect(Object.fromEntries(back)).toEqual(Object.fromEntries(there));
  });

  it('stands callers left, called right and infra below, and covers nobody', () => {
    const view = viewOf(graph());
    const home = lay(view);
    const x = (id: string) => home.get(id)?.x ?? Number.NaN;
    expect(x('pub')).toBeLessThan(x('shop'));
    expect(x('shop')).toBeLessThan(x('cart'));
    expect(x('pay')).toBeLessThan(x('bank.com>'));
    const lowest = Math.max(...[...home].filter(([id]) => id !== 'kube-system').map(([, at]) => at.y));
    expect(home.get('kube-system')?.y).toBeGreaterThan(lowest);
    expect(clash(arrange(home, view, []), parentsOf(view))).toEqual([]);
  });

  it('keeps forty called ones from growing tall', () => {
    const many = Array.from({ length: 40 }, (_, at) => `shop>d${at}.com`);
    const kinds = Object.fromEntries(many.map((edge) => [edge.slice(5), ['FQDN']]));
    const rects = [
      ...arrange(
        lay(viewOf(graphOf(many, kinds as never))),
        viewOf(graphOf(many, kinds as never)),
        [],
      ).values(),
    ];
    const height = Math.max(...rects.map((r) => r.y + r.h)) - Math.min(...rects.map((r) => r.y));
    expect(height).toBeLessThan(600);
  });
});

describe('a refresh', () => {
  it('moves nobody, and places a newcomer beside its caller without covering anyone', () => {
    const before = graph();
    const view = viewOf(before);
    const home = lay(view);
    const news = graphOf(['pay!newcomer', 'shop>cart']);
    const after = viewOf(
      applyChange(before, {
        asOf: before.asOf,
        from: before.from,
        to: before.to,
        nodes: [...news.nodes.values()],
        edges: [...news.edges.values()],
        removed: [],
      }),
    );
    const settled = settle(home, after);
    for (const [id, point] of home) expect(settled.get(id)).toEqual(point);
    expect(settled.get('newcomer')).toBeDefined();
    expect(clash(arrange(settled, after, []), parentsOf(after))).toEqual([]);
    expect(settle(home, view)).toBe(home);
  });
});

describe('opening a namespace', () => {
  const kinds = {
    ...KINDS,
    ...Object.fromEntries(['w1', 'w2', 'w3', 'w4', 'w5', 'w6'].map((id) => [id, ['WORKLOAD', 'cart']])),
  };
  const opened = [
    'pub>shop',
    'shop>w1',
    'w1>w2',
    'w2>w3',
    'w1>w4',
    'w5>pay',
    'w6>pay',
    'pay>bank.com',
    'pay>db',
    'w3>db',
    'shop!db',
    'a>kube-system',
    'shop>a',
  ];

  it('keeps its corner where it was, covers nobody, and closing brings everybody home', () => {
    const closed = viewOf(graph());
    const home = lay(closed);
    const before = arrange(home, closed, []);
    const open = viewOf(graphOf(opened, kinds as never));
    const during = arrange(home, open, ['cart']);
    const [was, is] = [before.get('cart') as Rect, during.get('cart') as Rect];
    expect([is.x, is.y]).toEqual([was.x, was.y]);
    expect(clash(during, parentsOf(open))).toEqual([]);
    expect(during.get('pub')).toEqual(before.get('pub'));
    expect(during.get('shop')).toEqual(before.get('shop'));
    expect(Object.fromEntries(arrange(home, closed, []))).toEqual(Object.fromEntries(before));
  });

  it('lays its workloads from callers to called, inside the box', () => {
    const { at, w, h } = layoutGroup(
      ['a', 'b', 'c'],
      [
        { source: 'a', target: 'b' },
        { source: 'b', target: 'c' },
        { source: 'c', target: 'a' },
      ],
    );
    expect([at.get('a')?.x, at.get('b')?.x, at.get('c')?.x]).toEqual([10, 248, 486]);
    for (const point of at.values()) {
      expect(point.x + 174).toBeLessThanOrEqual(w);
      expect(point.y + 44).toBeLessThanOrEqual(h);
    }
  });
});
