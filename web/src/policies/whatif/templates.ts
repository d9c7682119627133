/** What a new object starts as: small, valid, and denying nothing that nobody named. */
export interface Template {
  id: string;
  title: string;
  text: string;
}

const calico = (kind: string, metadata: string, spec: string) =>
  `apiVersion: projectcalico.org/v3\nkind: ${kind}\nmetadata:\n${metadata}spec:\n${spec}`;

const NAMED = '  name: default.new-policy\n';
const RULES = `  tier: default
  order: 100
  selector: app == "web"
  types: [Ingress]
  ingress:
    - action: Allow
      protocol: TCP
      source:
        selector: app == "client"
      destination:
        ports: [8080]
`;

export const TEMPLATES: readonly Template[] = [
  {
    id: 'calico',
    title: 'Calico NetworkPolicy',
    text: calico('NetworkPolicy', `${NAMED}  namespace: default\n`, RULES),
  },
  { id: 'global', title: 'GlobalNetworkPolicy', text: calico('GlobalNetworkPolicy', NAMED, RULES) },
  {
    id: 'kubernetes',
    title: 'Kubernetes NetworkPolicy',
    text: `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: new-policy
  namespace: default
spec:
  podSelector:
    matchLabels:
      app: web
  policyTypes: [Ingress]
  ingress:
    - from:
        - podSelector:
            matchLabels:
              app: client
      ports:
        - protocol: TCP
          port: 8080
`,
  },
  {
    id: 'staged',
    title: 'StagedNetworkPolicy',
    text: calico('StagedNetworkPolicy', `${NAMED}  namespace: default\n`, `  stagedAction: Set\n${RULES}`),
  },
  {
    id: 'tier',
    title: 'Tier',
    text: calico('Tier', '  name: new-tier\n', '  order: 300\n  defaultAction: Pass\n'),
  },
  {
    id: 'set',
    title: 'NetworkSet',
    text: calico(
      'NetworkSet',
      '  name: new-set\n  namespace: default\n  labels:\n    partner: bank\n',
      '  nets:\n    - 192.0.2.0/24\n',
    ),
  },
];

export const templateOf = (id: string | null): Template | null =>
  TEMPLATES.find((each) => each.id === id) ?? null;
