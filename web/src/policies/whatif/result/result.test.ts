import { describe, expect, it } from 'vitest';
import type { FlipNode, Step } from '../../../api/simulation';
import { toCsv } from '../../../dashboards/csv';
import { layoutOf, MOST_EDGES } from './edge-layout';
import { groupsOf, percentOf, sharesOf } from './effects';
import { tabular } from './export';
import { firstDifference, reasonOf, sideOf, stepName } from './reasons';
import { cardsOf } from './way';

const step = (tier: string, name: string, action: Step['action'], rule: number | null = 0): Step => ({
  tier,
  kind: 'GlobalNetworkPolicy',
  namespace: null,
  name,
  action,
  ruleIndex: rule ?? -1,
  documentRule: rule,
  staged: false,
  endOfTier: rule === null,
});
const end = (verdict: 'ALLOW' | 'DENY' | 'UNCERTAIN', steps: Step[], doubts: string[] = []) => ({
  verdict,
  steps,
  doubts,
});
const traffic = (connections: string | null) => ({
  records: connections === null ? '0' : '1',
  connections,
  packets: null,
  packetsIn: null,
  packetsOut: null,
  bytesIn: null,
  bytesOut: null,
  bytesToTarget: connections && '100',
  bytesToSource: null,
  estimated: false,
});
const node = (name: string, namespace: string | null = 'shop') => ({
  id: `${namespace}/${name}`,
  kind: 'WORKLOAD' as const,
  name,
  namespace,
  cluster: 'c',
  parentId: null,
  members: null,
});

const allow = end('ALLOW', [step('security', 'dns', 'ALLOW', 2)]);
const deny = end('DENY', [step('security', 'dns', 'PASS', null), step('default', 'web', 'DENY', null)]);

function flip(id: string, patch: Partial<FlipNode> = {}): FlipNode {
  return {
    id,
    effect: 'NEWLY_DENIED',
    edgeId: id,
    source: node('web'),
    target: node(`db-${id}`, null),
    protocol: 'tcp',
    port: 443,
    allowed: traffic('7'),
    denied: traffic(null),
    firstSeen: '2026-11-23T14:05:00Z',
    lastSeen: '2026-11-23T14:35:00Z',
    verdictKeys: 1,
    before: { verdict: 'ALLOW', egress: allow, ingress: null },
    after: { verdict: 'DENY', egress: deny, ingress: null },
    ...patch,
  };
}

describe('why a connection flips', () => {
  it('finds where two ways part', () => {
    expect(firstDifference(allow.steps, allow.steps)).toBeNull();
    expect(firstDifference(allow.steps, deny.steps)).toBe(0);
    expect(firstDifference(deny.steps, deny.steps.slice(0, 1))).toBe(1);
    expect(firstDifference([], [])).toBeNull();
  });

  it('looks at the end whose verdict changes, else at the one whose way does', () => {
    expect(sideOf(flip('a'))).toBe('egress');
    const ingress = { before: { verdict: 'ALLOW', egress: allow, ingress: allow } as const };
    expect(sideOf(flip('a', { ...ingress, after: { verdict: 'DENY', egress: allow, ingress: deny } }))).toBe(
      'ingress',
    );
    const other = end('ALLOW', [step('default', 'web', 'ALLOW')]);
    expect(
      sideOf(flip('a', { ...ingress, after: { verdict: 'ALLOW', egress: allow, ingress: other } })),
    ).toBe('ingress');
  });

  it('names the step that decides, or what is not known', () => {
    expect(reasonOf(flip('a'))).toBe('Denied at the end of tier default');
    expect(
      reasonOf(
        flip('a', {
          after: { verdict: 'DENY', egress: end('DENY', [step('security', 'x', 'DENY', 1)]), ingress: null },
        }),
      ),
    ).toBe('Denied by x, rule 1');
    const gone = { before: { verdict: 'DENY', egress: deny, ingress: null } as const };
    expect(
      reasonOf(flip('a', { ...gone, after: { verdict: 'ALLOW', egress: end('ALLOW', []), ingress: null } })),
    ).toBe('No longer passed on at the end of tier security');
    const doubtful = end('UNCERTAIN', [], ['No labels of the source are known.']);
    expect(
      reasonOf(
        flip('a', { effect: 'UNCERTAIN', after: { verdict: 'UNCERTAIN', egress: doubtful, ingress: null } }),
      ),
    ).toBe('No labels of the source are known.');
  });

  it('writes out what would turn text around', () => {
    expect(stepName({ ...step('t', 'a\u202eb', 'ALLOW'), documentRule: 0 })).toBe('a\\u202eb, rule 0');
  });

  it('shows a tier that only the other way meets as skipped', () => {
    const way = end('ALLOW', [step('default', 'web', 'ALLOW')]);
    expect(cardsOf(way, deny, ['security', 'default'], 0)).toEqual([
      { skipped: 'security' },
      { step: way.steps[0], differs: true },
    ]);
    expect(cardsOf(null, null, ['default'], null)).toEqual([]);
  });
});

describe('what it comes to', () => {
  const total = (effect: FlipNode['effect'], connections: string) => ({
    effect,
    paths: 1,
    traffic: { records: '1', connections },
  });

  it('gives shares of all connections, and never rounds something to nothing', () => {
    const { all, shares } = sharesOf([total('UNCHANGED', '9999'), total('NEWLY_DENIED', '1')]);
    expect(all).toBe(10_000);
    expect(shares.map(({ effect, percent }) => [effect, percent])).toEqual([
      ['NEWLY_DENIED', '< 0.1 %'],
      ['NEWLY_ALLOWED', '0 %'],
      ['UNCERTAIN', '0 %'],
      ['UNCHANGED', '> 99.9 %'],
    ]);
    expect(percentOf(1, 3)).toBe('33.3 %');
    expect(percentOf(0, 0)).toBe('');
  });

  it('groups by effect, keeping the order within', () => {
    const flips = [flip('a'), flip('b', { effect: 'UNCERTAIN' }), flip('c')];
    expect(groupsOf(flips).map(({ effect, flips: some }) => [effect, some.map(({ id }) => id)])).toEqual([
      ['NEWLY_DENIED', ['a', 'c']],
      ['UNCERTAIN', ['b']],
    ]);
  });

  it('exports what is shown', () => {
    const [head, row] = toCsv(tabular([flip('a')], false)).split('\r\n');
    expect(head).toBe('Effect,Source,Destination,Protocol,Port,Last seen,Reason,Connections,Bytes');
    expect(row).toBe(
      'Newly denied,shop/web,db-a,tcp,443,2026-11-23T14:35:00Z,Denied at the end of tier default,7,100',
    );
  });
});

describe('the flipped edges', () => {
  it('joins the ports of an edge, keeps effects apart, and says how many do not fit', () => {
    const ports = [
      flip('a'),
      { ...flip('a'), id: 'a2', port: 80 },
      flip('a', { id: 'a3', effect: 'UNCERTAIN' }),
    ];
    expect(layoutOf(ports).edges.map(({ effect, flips }) => [effect, flips])).toEqual([
      ['NEWLY_DENIED', ['a', 'a2']],
      ['UNCERTAIN', ['a3']],
    ]);
    const many = Array.from({ length: MOST_EDGES + 5 }, (_, at) => flip(`e${at}`));
    const layout = layoutOf(many);
    expect(layout.rest).toBe(5);
    expect(layout.sources).toHaveLength(1);
    expect(layout.targets).toHaveLength(MOST_EDGES);
  });

  it('lays no node over another', () => {
    const flips = ['a', 'b', 'c', 'd'].map((id) => flip(id, { source: node(id, id < 'c' ? 'x' : null) }));
    const { sources, targets, height } = layoutOf(flips);
    for (const nodes of [sources, targets])
      nodes.forEach((each, at) => {
        const next = nodes[at + 1];
        expect(each.y + each.height).toBeLessThan(next?.y ?? height + 1);
      });
  });
});
