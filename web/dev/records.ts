import { edges, type FixtureNode, nodes, wl } from './cluster';
import { counters, edgeId, matches, STARTED, seconds } from './graph';

/** Flow records and alerts of the fixture, made up on demand from the same edges. */
const hit = (at: number, tier: string, name: string, action: string, rule: number) => ({
  set: 'ENFORCED',
  index: at,
  tier,
  kind: 'NETWORK_POLICY',
  namespace: null,
  name,
  action,
  ruleIndex: rule,
  staged: false,
  endOfTier: rule < 0,
  trigger: null,
});

export const egressHits = [
  hit(0, 'security', 'threat-feed-block', 'PASS', -1),
  hit(1, 'default', 'allow-egress-any', 'ALLOW', 0),
];
export const deniedHits = [
  hit(0, 'security', 'quarantine', 'PASS', -1),
  hit(1, 'platform', 'db-isolation', 'DENY', 3),
];
export const ingressHits = [hit(0, 'default', 'allow-same-app', 'ALLOW', 1)];

export function flows(
  from: number,
  to: number,
  filter: string | null | undefined,
  count: number,
  skip: number,
) {
  const end = Math.min(to, Date.now());
  const live = edges.filter((edge) => matches(edge, filter) && seconds(edge, from, to) > 0);
  const rows = [];
  for (let at = skip; at < skip + count && live.length; at += 1) {
    const time = end - at * 740;
    if (time < from || at > 4000) break;
    const edge = live[(at * 7) % live.length] as (typeof live)[number];
    const source = nodes.get(edge.source) as FixtureNode;
    const target = nodes.get(edge.target) as FixtureNode;
    const denied = edge.verdict === 'deny';
    const dst = at % 2 === 1 && target.kind === 'WORKLOAD';
    const action = denied && (dst || target.kind !== 'WORKLOAD') ? 'DENY' : denied ? 'ALLOW' : 'ALLOW';
    rows.push({
      id: `flow-${at}-${Math.floor(time / 1000)}`,
      cluster: source.cluster,
      startTime: new Date(time).toISOString(),
      action,
      reporter: dst ? 'DST' : 'SRC',
      proto: edge.port === 53 ? 'udp' : 'tcp',
      sourceName: null,
      sourceNameAggr: source.name,
      sourceNamespace: source.namespace,
      sourceType: source.kind === 'NETWORK' ? 'net' : 'wep',
      sourceIp: '10.244.7.31',
      destName: null,
      destNameAggr: target.kind === 'FQDN' ? 'pub' : target.name,
      destNamespace: target.namespace,
      destType: target.kind === 'WORKLOAD' ? 'wep' : 'net',
      destIp: '10.244.3.12',
      destPort: edge.port,
      destDomains: target.kind === 'FQDN' ? [target.name] : null,
      bytesIn: denied ? '0' : String(1200 + ((at * 977) % 90_000)),
      bytesOut: String(360 + ((at * 131) % 9000)),
      packetsIn: denied ? '0' : '12',
      packetsOut: '6',
      numFlowsStarted: '2',
      processName: source.name.startsWith('export')
        ? '/tmp/.x/kworkerd'
        : source.kind === 'WORKLOAD'
          ? 'node'
          : null,
      policyHits: action === 'DENY' ? deniedHits : dst ? ingressHits : egressHits,
      enforcedPolicies: [],
      pendingPolicies: [],
      transitPolicies: [],
      allPolicies: [],
      edgeId: edgeId(edge.source, edge.target),
      raw: '{}',
    });
  }
  return rows;
}

export function edgeSums(source: string, target: string, from: number, to: number) {
  const inside = (id: string, node: string) =>
    id === node || (nodes.get(id) as FixtureNode).parentId === node;
  return edges
    .filter(
      (edge) => inside(edge.source, source) && inside(edge.target, target) && seconds(edge, from, to) > 0,
    )
    .map((edge) => ({ edge, sum: counters(edge, from, to) }));
}

const raise = (
  at: number,
  n: number,
  level: string,
  severity: number,
  title: string,
  description: string,
  source: string,
  target: string,
  port: number,
  tactic: string,
) => ({
  id: `alert-${n}`,
  time: new Date(at).toISOString(),
  kind: 'detector',
  rule: 'New denied edge',
  title,
  description,
  severity,
  level,
  technique: 'T1046',
  tactic,
  status: 'OPEN',
  cluster: 'prod-eu-1',
  source: nodes.get(source),
  target: nodes.get(target),
  protocol: 'tcp',
  port,
  edgeId: edgeId(source, target),
  evidence: ['flow-1'],
});

const beacon = [...nodes.values()].find((node) => node.name === 'cdn-telemetry-sync.top') as FixtureNode;
export const alerts = [
  raise(
    STARTED - 24 * 60_000,
    1,
    'HIGH',
    70,
    'Port scan denied at data/postgres',
    'payments/export-7c9d8f6b5 tried data/postgres on 2 ports. Nothing completed.',
    wl('payments', 'export'),
    wl('data', 'postgres'),
    5432,
    'Discovery',
  ),
  raise(
    STARTED - 50 * 60_000,
    2,
    'LOW',
    20,
    'Denied scrape of ledger metrics',
    'observability/prometheus was denied to payments/ledger for the first time.',
    wl('observability', 'prometheus'),
    wl('payments', 'ledger'),
    9464,
    'Discovery',
  ),
  raise(
    STARTED + 12_000,
    3,
    'CRITICAL',
    92,
    'Beacon to cdn-telemetry-sync.top',
    'payments/export-7c9d8f6b5 calls one new domain every 58 s. No other pod in 30 days has called it.',
    wl('payments', 'export'),
    beacon.id,
    443,
    'Command and control',
  ),
  raise(
    STARTED + 22_000,
    4,
    'MEDIUM',
    50,
    'First denied connection to data/redis',
    'payments/export-7c9d8f6b5 was denied to data/redis, port 6379.',
    wl('payments', 'export'),
    wl('data', 'redis'),
    6379,
    'Lateral movement',
  ),
];
