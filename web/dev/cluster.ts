/** A made-up cluster for working on the page without the API: the one of the design pictures, roughly. */
export interface FixtureNode {
  id: string;
  kind: 'NAMESPACE' | 'WORKLOAD' | 'HOST' | 'NETWORK_SET' | 'NETWORK' | 'FQDN';
  name: string;
  namespace: string | null;
  cluster: string;
  parentId: string | null;
  members: number | null;
}

/** Connections, packets and bytes per second. */
export interface FixtureEdge {
  source: string;
  target: string;
  port: number;
  cps: number;
  bps: number;
  verdict: 'allow' | 'deny';
  /** Seconds after start before it first appears. */
  after: number;
}

const CLUSTER = 'prod-eu-1';
const SPACES: Record<string, string[]> = {
  storefront: [
    'frontend-6c8f7d9b5-*',
    'catalog-7b9fd4c6f-*',
    'search-5d8c9b7f4-*',
    'recommend-*',
    'ad-6f7b8c9d5-*',
    'currency-5b7c8d9f6-*',
    'mail-relay-*',
    'reviews-84d6f7b9c-*',
  ],
  checkout: [
    'checkout-7d9f8b6c5-*',
    'cart-6b8d7f9c4-*',
    'shipping-5c7d8f9b6-*',
    'email-7d4b9c8f6-*',
    'tax-*',
  ],
  payments: ['payment-api-5f8b9c7d6-*', 'fraud-check-6d4c8b9f7-*', 'ledger-*', 'export-7c9d8f6b5-*'],
  data: ['redis-*', 'kafka-*', 'postgres-*', 'minio-*', 'backup-29384756-*'],
  'kube-system': [
    'coredns-7f9c8d6b5-*',
    'kube-proxy-*',
    'metrics-server-6d8f9b7c5-*',
    'konnectivity-agent-*',
    'csi-node-*',
    'cluster-autoscaler-5c8d7f9b6-*',
  ],
  observability: ['prometheus-*', 'otel-collector-*', 'grafana-7d8f9c6b5-*', 'loki-*', 'alertmanager-*'],
};

export const nodes = new Map<string, FixtureNode>();
const put = (node: FixtureNode) => nodes.set(node.id, node);
const id = (kind: string, ...parts: string[]) =>
  Buffer.from([kind, CLUSTER, ...parts].join('\n')).toString('base64url');
export const ns = (name: string) => id('ns', name);
export const wl = (space: string, prefix: string) => {
  const name = SPACES[space]?.find((each) => each.startsWith(prefix)) ?? prefix;
  return id('wl', space, name);
};
const external = (kind: FixtureNode['kind'], name: string) => {
  const node = {
    id: id(kind, name),
    kind,
    name,
    namespace: null,
    cluster: CLUSTER,
    parentId: null,
    members: null,
  };
  put(node);
  return node.id;
};

for (const [space, workloads] of Object.entries(SPACES)) {
  put({
    id: ns(space),
    kind: 'NAMESPACE',
    name: space,
    namespace: space,
    cluster: CLUSTER,
    parentId: null,
    members: workloads.length,
  });
  for (const name of workloads) {
    put({
      id: id('wl', space, name),
      kind: 'WORKLOAD',
      name,
      namespace: space,
      cluster: CLUSTER,
      parentId: ns(space),
      members: null,
    });
  }
}
const pub = external('NETWORK', 'pub');
const pvt = external('NETWORK', 'pvt');
const stripe = external('FQDN', 'api.stripe.com');
const beacon = external('FQDN', 'cdn-telemetry-sync.top');
const banks = external('NETWORK_SET', 'partner-banks');
const hosts = ['ip-10-0-42-17', 'ip-10-0-42-18'].map((name) => external('HOST', name));

export const edges: FixtureEdge[] = [];
const link = (
  source: string,
  target: string,
  port: number,
  cps: number,
  bps: number,
  verdict: 'allow' | 'deny' = 'allow',
  after = -1,
) => edges.push({ source, target, port, cps, bps, verdict, after });

link(pub, wl('storefront', 'frontend'), 443, 900, 18e6);
link(pvt, wl('storefront', 'catalog'), 8443, 4, 3e4);
for (const each of ['catalog', 'search', 'recommend', 'ad', 'currency', 'reviews']) {
  link(wl('storefront', 'frontend'), wl('storefront', each), 8080, 120, 4e5);
}
link(wl('storefront', 'frontend'), wl('checkout', 'checkout'), 5050, 2270, 17e6);
link(wl('storefront', 'frontend'), wl('checkout', 'cart'), 7070, 600, 1e6);
link(wl('storefront', 'mail-relay'), wl('checkout', 'email'), 25, 0.1, 900);
link(wl('checkout', 'checkout'), wl('checkout', 'cart'), 7070, 210, 4e5);
link(wl('checkout', 'checkout'), wl('checkout', 'shipping'), 50051, 40, 9e4);
link(wl('checkout', 'checkout'), wl('payments', 'payment-api'), 8443, 604, 8e6);
link(wl('checkout', 'cart'), wl('data', 'redis'), 6379, 1700, 22e6);
link(wl('checkout', 'tax'), wl('payments', 'fraud-check'), 8080, 12, 4e4);
link(wl('payments', 'payment-api'), wl('payments', 'fraud-check'), 8080, 88, 2e5);
link(wl('payments', 'payment-api'), wl('payments', 'ledger'), 9000, 240, 9e5);
link(wl('payments', 'payment-api'), stripe, 443, 38, 6e5);
link(wl('payments', 'payment-api'), wl('data', 'redis'), 6379, 90, 2e5);
link(wl('payments', 'fraud-check'), wl('data', 'kafka'), 9092, 96, 8e5);
link(wl('payments', 'ledger'), wl('data', 'postgres'), 5432, 236, 5e6);
link(wl('payments', 'ledger'), banks, 443, 3, 3e4);
link(wl('payments', 'export'), wl('data', 'postgres'), 5432, 0.7, 140, 'deny');
link(wl('payments', 'export'), wl('data', 'postgres'), 5433, 0.02, 4, 'deny');
link(wl('payments', 'export'), wl('data', 'redis'), 6379, 0.3, 60, 'deny', 22);
link(wl('payments', 'export'), beacon, 443, 0.017, 38, 'allow', 12);
link(wl('data', 'backup'), wl('data', 'minio'), 9000, 0.2, 4e6);
link(wl('observability', 'prometheus'), wl('payments', 'ledger'), 9464, 0.02, 5, 'deny');
for (const [space, workloads] of Object.entries(SPACES)) {
  for (const name of workloads) {
    if (space !== 'kube-system') link(id('wl', space, name), wl('kube-system', 'coredns'), 53, 3, 900);
    if (space !== 'observability' && !name.startsWith('ledger'))
      link(wl('observability', 'prometheus'), id('wl', space, name), 9464, 0.07, 6e3);
  }
}
for (const host of hosts) link(host, wl('kube-system', 'metrics-server'), 4443, 0.3, 1e3);
link(wl('kube-system', 'metrics-server'), hosts[0] as string, 10250, 0.1, 4e4);
link(wl('observability', 'loki'), wl('data', 'minio'), 9000, 2, 8e5);
