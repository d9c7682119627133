import { describe, expect, it } from 'vitest';
import { FLOWS_OF_A_RULE, type RecommendedPolicy, type RecommendedRule } from '../../api/recommendation';
import { toCsv } from '../../dashboards/csv';
import { DEFAULTS } from '../../domain/url-state';
import { edgeFlows, endOf, flowsOf } from './flows';
import { leftOutTable, lostTable } from './lists';
import { chosenOf, deciderOf, inForce, manifests, seen, share, sumsOf, trafficOf } from './model';
import { learnUntil, questionOf } from './question';

const NOW = Date.parse('2026-11-28T12:00:00Z');
const RANGE = { from: '2026-11-28T10:00:00Z', to: '2026-11-28T11:40:00Z' };
const WEB = { source: 'shop/web-*', target: 'shop/db-*', protocol: 'tcp', port: 80 };

const rule = (patch: Partial<RecommendedRule>): RecommendedRule => ({
  action: 'ALLOW',
  peer: 'shop: app == "web"',
  protocol: 'tcp',
  ports: [80],
  connections: '7',
  records: '2',
  bytes: '100',
  firstSeen: '2026-11-28T10:00:00Z',
  lastSeen: '2026-11-28T11:00:00Z',
  daysSeen: 1,
  coverage: 0.25,
  oneSided: false,
  unusedPairs: '0',
  notes: [],
  flows: [WEB],
  unused: [],
  ...patch,
});
const policy = (patch: Partial<RecommendedPolicy>): RecommendedPolicy => ({
  namespace: 'shop',
  workload: 'db',
  kind: 'StagedNetworkPolicy',
  name: 'recommended-db',
  yaml: 'kind: StagedNetworkPolicy\n',
  notes: [],
  ingress: [rule({})],
  egress: [],
  ...patch,
});

describe('what is learnt from', () => {
  it.each([
    ['80%', '2026-11-28T11:20:00Z'],
    ['all', null],
    ['2026-11-28T10:30:00Z', '2026-11-28T10:30:00Z'],
    ['now-1h', '2026-11-28T11:00:00Z'],
    ['now', undefined],
    ['0%', undefined],
    ['soon', undefined],
    ['2026-11-28T10:00:00Z', undefined],
  ])('%s ends at %s', (learn, until) => {
    expect(learnUntil(learn, RANGE, NOW)).toBe(until);
  });

  it('is a part of a range that stands still', () => {
    const asked = questionOf({ ...DEFAULTS, from: 'now-1h', unwanted: ['dest_port : 22'] }, 'east', NOW);
    expect(asked).toEqual({
      target: { cluster: 'east', namespaces: null, selector: null },
      range: { from: '2026-11-28T11:00:00Z', to: '2026-11-28T12:00:00Z' },
      learnUntil: '2026-11-28T11:48:00Z',
      unwanted: ['dest_port : 22'],
      alerts: true,
      options: { style: 'STAGED' },
      limit: 50,
    });
    expect(questionOf({ ...DEFAULTS, learn: 'soon' }, 'east', NOW)).toBeNull();
  });

  it('is of the namespaces and the selector that are chosen', () => {
    const wish = { ...DEFAULTS, namespaces: ['shop'], selector: " app == 'a' ", learn: 'all' };
    const asked = questionOf(wish, 'east', NOW);
    expect(asked?.target).toEqual({ cluster: 'east', namespaces: ['shop'], selector: "app == 'a'" });
    expect(asked?.learnUntil).toBeNull();
  });
});

describe('flows of a rule as a filter', () => {
  it.each([
    ['source', 'shop/web-*', 'source_namespace : "shop" and source_name_aggr : "web-*"'],
    ['dest', 'pub', 'dest_name_aggr : "pub" and not dest_domain : *'],
    ['source', 'pub', 'source_name_aggr : "pub"'],
    ['dest', 'api.a.com', 'dest_domains : "api.a.com" or dest_name_aggr : "api.a.com"'],
    ['dest', 'a.com, b.com', 'dest_domains : ("a.com" or "b.com")'],
    ['dest', '10.0.0.1', 'dest_ip : "10.0.0.1"'],
    ['source', 'fd00::1', 'source_ip : "fd00::1"'],
    ['source', 'ip-10-0-42-10-eth0', 'source_name_aggr : "ip-10-0-42-10-eth0"'],
  ] as const)('names the %s %s', (side, name, kql) => {
    expect(endOf(side, name)).toBe(kql);
  });

  it('names each path once, whoever reported it, with all of its ports', () => {
    const found = flowsOf(rule({ flows: [WEB, WEB, { ...WEB, port: 9 }] }), 'ingress');
    expect(found).toEqual({
      kql:
        'source_namespace : "shop" and source_name_aggr : "web-*" and dest_namespace : "shop" and ' +
        'dest_name_aggr : "db-*" and proto : tcp and (dest_port : (9 or 80))',
      wider: false,
    });
    const two = flowsOf(rule({ flows: [WEB, { ...WEB, source: 'shop/app-*', port: null }] }), 'ingress');
    expect(two?.kql).toMatch(/^\(.*\) or \(.*proto : tcp\)$/);
  });

  it('takes its own end at its ports where other ends are too many, and says so', () => {
    const flows = Array.from({ length: FLOWS_OF_A_RULE }, (_, at) => ({ ...WEB, source: `shop/w${at}-*` }));
    const own = 'dest_namespace : "shop" and dest_name_aggr : "db-*" and proto : tcp and dest_port : 80';
    expect(flowsOf(rule({ flows }), 'ingress')).toEqual({ kql: own, wider: true });
    expect(flowsOf(rule({ flows: flows.slice(0, 9) }), 'ingress')).toEqual({ kql: own, wider: true });
    expect(flowsOf(rule({ flows: flows.slice(0, 8) }), 'ingress')?.wider).toBe(false);
  });

  it('names an edge that would be denied', () => {
    const own = 'source_namespace : "shop" and source_name_aggr : "web-*"';
    const edge = { source: 'shop/web-*', target: 'pub', protocol: 'tcp', port: 9 };
    expect(edgeFlows(edge).kql).toBe(
      `${own} and (dest_name_aggr : "pub" and not dest_domain : *) and proto : tcp and dest_port : 9`,
    );
    expect(edgeFlows({ ...edge, target: 'a.com, b.com', protocol: 'icmp', port: null }).kql).toBe(
      `${own} and (dest_domains : ("a.com" or "b.com")) and proto : icmp`,
    );
  });

  it('is not there for what denies', () => {
    expect(flowsOf(rule({ action: 'DENY', flows: [] }), 'egress')).toBeNull();
  });
});

describe('policies in numbers and words', () => {
  it('sums rules, and no share is more than all', () => {
    const both = policy({ egress: [rule({ coverage: 0.9, unusedPairs: '3' })] });
    expect(sumsOf(both)).toEqual({ connections: 14, coverage: 1, unused: 3 });
  });

  it.each([
    [0, '0 %'],
    [0.00001, 'under 0.01 %'],
    [0.0384, '3.84 %'],
    [0.5, '50 %'],
    [0.99999, 'over 99.99 %'],
    [1, '100 %'],
  ])('says a share of %s as %s', (value, said) => {
    expect(share(value)).toBe(said);
  });

  it('says what a rule is about and when it was seen', () => {
    expect(trafficOf({ protocol: 'tcp', ports: [80, 443] })).toBe('tcp 80, 443');
    expect(trafficOf({ protocol: null, ports: [] })).toBe('any');
    expect(seen('2026-11-28T10:00:00Z', '2026-11-28T11:05:00Z')).toBe('2026-11-28 10:00 to 11:05');
    expect(seen('2026-11-28T10:00:01Z', '2026-11-28T10:00:59Z')).toBe('2026-11-28 10:00');
    expect(seen('2026-11-27T10:00:00Z', '2026-11-28T11:05:00Z')).toBe('2026-11-27 10:00 to 2026-11-28 11:05');
  });

  it('says what denies', () => {
    expect(deciderOf('0|default|np:pay/recommended-web|deny|3')).toBe('recommended-web, rule 3');
    expect(deciderOf('0|default|knp:pay/recommended-web|deny|-1')).toBe(
      'recommended-web: no rule of it matches (tier default)',
    );
    expect(deciderOf('odd')).toBe('odd');
  });

  it('keeps the chosen policy, or takes the first', () => {
    const [a, b] = [policy({ name: 'a' }), policy({ name: 'b' })];
    expect(chosenOf([a, b], 'shop/b')).toBe(b);
    expect(chosenOf([a, b], 'shop/gone')).toBe(a);
    expect(chosenOf([], 'shop/a')).toBeNull();
  });
});

describe('what is handed on', () => {
  it('joins manifests behind the tier that is missing', () => {
    expect(manifests('kind: Tier\n', [policy({})])).toBe('---\nkind: Tier\n---\nkind: StagedNetworkPolicy\n');
    expect(manifests(null, [])).toBe('');
  });

  it('puts what is staged in force, and leaves the rest alone', () => {
    const staged =
      '# kind: StagedNetworkPolicy\nkind: StagedNetworkPolicy\nspec:\n  order: 1\n  stagedAction: Set\n';
    expect(inForce(staged)).toBe('# kind: StagedNetworkPolicy\nkind: NetworkPolicy\nspec:\n  order: 1\n');
    expect(inForce('kind: NetworkPolicy\n')).toBe('kind: NetworkPolicy\n');
  });

  it('lists what would be denied and what was left out', () => {
    const edge = { source: 'shop/web-*', target: 'pub', protocol: 'tcp', port: 9, connections: '10' };
    const lost = { ...edge, firstSeen: 'a', lastSeen: 'b', decidedBy: '0|default|np:shop/r|deny|1' };
    expect(toCsv(lostTable([lost]))).toBe(
      'Source,Destination,Protocol,Port,First seen,Last seen,Denied by,Connections\r\n' +
        'shop/web-*,pub,tcp,9,a,b,"r, rule 1",10\r\n',
    );
    expect(toCsv(leftOutTable([{ ...edge, source: null, why: 'UNNAMED' }]))).toContain(
      ',pub,tcp,9,Records do not tell who one end is,10',
    );
  });
});
