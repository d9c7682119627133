/** Fields of the kinds that a draft may have, as their public references name them, and what their values are. */

export type Source = 'tiers' | 'namespaces' | 'serviceAccounts' | 'selector' | 'namespaceSelector' | 'labels';

export interface Field {
  about: string;
  values?: readonly string[];
  source?: Source;
  fields?: Fields;
}
export interface Fields {
  [name: string]: Field;
}

const leaf = (about: string, values?: readonly string[], source?: Source): Field => ({
  about,
  ...(values ? { values } : {}),
  ...(source ? { source } : {}),
});
const part = (about: string, fields: Fields): Field => ({ about, fields });

const CALICO_PROTOCOLS = ['TCP', 'UDP', 'ICMP', 'ICMPv6', 'SCTP', 'UDPLite'];
const YES = ['true', 'false'];

const METADATA = part('Name, namespace and labels', {
  name: leaf('Name of the object'),
  namespace: leaf('Namespace that it lies in', undefined, 'namespaces'),
  labels: leaf('Labels', undefined, 'labels'),
  annotations: leaf('Annotations'),
});

const END: Fields = {
  nets: leaf('Addresses in CIDR form'),
  notNets: leaf('Addresses that do not match'),
  selector: leaf('Labels of the endpoint or network set', undefined, 'selector'),
  notSelector: leaf('Labels that do not match', undefined, 'selector'),
  namespaceSelector: leaf('Labels of the namespace, or global()', undefined, 'namespaceSelector'),
  ports: leaf('Ports, ranges such as 8000:8080, or names'),
  notPorts: leaf('Ports that do not match'),
  serviceAccounts: part('Service accounts of the pod', {
    names: leaf('Names', undefined, 'serviceAccounts'),
    selector: leaf('Labels of the service account', undefined, 'selector'),
  }),
  services: part('A service of Kubernetes', {
    name: leaf('Name'),
    namespace: leaf('Its namespace', undefined, 'namespaces'),
  }),
};

const RULE: Fields = {
  action: leaf('What the rule does', ['Allow', 'Deny', 'Log', 'Pass']),
  protocol: leaf('Protocol, or its number', CALICO_PROTOCOLS),
  notProtocol: leaf('Protocol that does not match', CALICO_PROTOCOLS),
  ipVersion: leaf('Version of IP', ['4', '6']),
  icmp: part('ICMP messages', { type: leaf('Type'), code: leaf('Code') }),
  notICMP: part('ICMP messages that do not match', { type: leaf('Type'), code: leaf('Code') }),
  source: part('Where it comes from', END),
  destination: part('Where it goes', {
    ...END,
    domains: leaf('Domains; egress rules that allow only'),
  }),
  http: part('HTTP requests', { methods: leaf('Methods'), paths: leaf('Paths: exact or prefix') }),
  metadata: part('Notes on the rule', { annotations: leaf('Annotations') }),
};

const CALICO: Fields = {
  tier: leaf('Tier that it belongs to', undefined, 'tiers'),
  order: leaf('Lower comes first in the tier'),
  selector: leaf('Endpoints that it applies to', undefined, 'selector'),
  serviceAccountSelector: leaf('Labels of their service account', undefined, 'selector'),
  types: leaf('Directions that it governs', ['Ingress', 'Egress']),
  ingress: part('Rules for what reaches the endpoints', RULE),
  egress: part('Rules for what leaves them', RULE),
  performanceHints: leaf('Hints for Felix', ['AssumeNeededOnEveryNode']),
};
const GLOBAL: Fields = {
  ...CALICO,
  namespaceSelector: leaf('Namespaces that it applies to', undefined, 'namespaceSelector'),
  applyOnForward: leaf('Also for what a host forwards', YES),
  preDNAT: leaf('Before DNAT', YES),
  doNotTrack: leaf('Without connection tracking', YES),
};
const STAGED = { stagedAction: leaf('What enforcing it would do', ['Set', 'Delete', 'Ignore', 'Learn']) };

const labelSelector = (about: string): Field =>
  part(about, {
    matchLabels: leaf('Labels that it has', undefined, 'labels'),
    matchExpressions: part('Conditions on labels', {
      key: leaf('Key of the label'),
      operator: leaf('Condition', ['In', 'NotIn', 'Exists', 'DoesNotExist']),
      values: leaf('Values'),
    }),
  });
const PEER: Fields = {
  podSelector: labelSelector('Labels of the pod'),
  namespaceSelector: labelSelector('Labels of the namespace'),
  ipBlock: part('Addresses', { cidr: leaf('CIDR'), except: leaf('CIDRs that do not match') }),
};
const PORTS = part('Ports', {
  protocol: leaf('Protocol', ['TCP', 'UDP', 'SCTP']),
  port: leaf('Port or its name'),
  endPort: leaf('Last port of a range'),
});
const KUBERNETES: Fields = {
  podSelector: labelSelector('Pods that it applies to'),
  policyTypes: leaf('Directions that it governs', ['Ingress', 'Egress']),
  ingress: part('What may reach them', { from: part('Where it comes from', PEER), ports: PORTS }),
  egress: part('What may leave them', { to: part('Where it goes', PEER), ports: PORTS }),
};

const NETS: Fields = { nets: leaf('Addresses in CIDR form'), allowedEgressDomains: leaf('Domains') };
const TIER: Fields = {
  order: leaf('Lower comes first'),
  defaultAction: leaf('What becomes of what no rule of it matches', ['Deny', 'Pass']),
};

const SPECS: Record<string, Fields> = {
  'projectcalico.org/v3 NetworkPolicy': CALICO,
  'projectcalico.org/v3 GlobalNetworkPolicy': GLOBAL,
  'projectcalico.org/v3 StagedNetworkPolicy': { ...STAGED, ...CALICO },
  'projectcalico.org/v3 StagedGlobalNetworkPolicy': { ...STAGED, ...GLOBAL },
  'projectcalico.org/v3 StagedKubernetesNetworkPolicy': { ...STAGED, ...KUBERNETES },
  'projectcalico.org/v3 Tier': TIER,
  'projectcalico.org/v3 NetworkSet': NETS,
  'projectcalico.org/v3 GlobalNetworkSet': NETS,
  'networking.k8s.io/v1 NetworkPolicy': KUBERNETES,
};

const VERSIONS = ['projectcalico.org/v3', 'networking.k8s.io/v1', 'v1'];
const KIND_NAMES = [...new Set(Object.keys(SPECS).map((name) => name.split(' ')[1] ?? ''))];

/** Fields of a whole document; without a known kind only what every document has. */
export function fieldsOf(kind: string | null, version: string | null): Fields {
  const ofVersion = Object.keys(SPECS).flatMap((name) => {
    const [group, each = ''] = name.split(' ');
    return !version || group === version ? [each] : [];
  });
  const known =
    (version && SPECS[`${version} ${kind}`]) ??
    Object.entries(SPECS).find(([name]) => name.endsWith(` ${kind}`))?.[1];
  return {
    apiVersion: leaf('Group and version of the kind', VERSIONS),
    kind: leaf('Kind of object', ofVersion.length ? [...new Set(ofVersion)] : KIND_NAMES),
    metadata: METADATA,
    spec: known ? part('What it wants', known) : leaf('What it wants'),
  };
}
