import type { Board, Card, Logged, Policy, Rule, Tier } from '../../api/policies';
import { visible } from '../../domain/names';
import type { Only } from '../../domain/url-state';
import { phrase } from '../../kql/quote';
import { at, type ObjectRef } from '../whatif/objects';

export const amount = (text: string | null | undefined): number => Number(text ?? 0);

/** Whether rules of it were found to do nothing. */
export const idleRules = (card: Card): number => card.rules.filter(({ finding }) => finding).length;

const TESTS: Record<Only, (card: Card) => boolean> = {
  all: () => true,
  denying: (card) => amount(card.counts.denied) > 0,
  staged: (card) => card.staged !== null,
  unused: (card) => card.unused,
  idle: (card) => idleRules(card) > 0,
};

/** How many policies each choice would show. */
export function countsOf(board: Board): Record<Only, number> {
  const cards = board.tiers.flatMap(({ policies }) => policies);
  const count = (only: Only) => cards.filter(TESTS[only]).length;
  return {
    all: cards.length,
    denying: count('denying'),
    staged: count('staged'),
    unused: count('unused'),
    idle: count('idle'),
  };
}

/** The tiers with the policies that are asked for. A scope keeps what applies everywhere. */
export function shown(board: Board, only: Only, find: string, namespaces: readonly string[]): Tier[] {
  const words = find.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (card: Card) => {
    const text = `${card.namespace ?? ''}/${card.name} ${card.tier} ${card.kind}`.toLowerCase();
    const scoped = !namespaces.length || card.namespace === null || namespaces.includes(card.namespace);
    return scoped && TESTS[only](card) && words.every((word) => text.includes(word));
  };
  return board.tiers.map((tier) => ({ ...tier, policies: tier.policies.filter(fits) }));
}

/** Under its manifest's own name, which may have the tier's before it: what a change is tried on. */
export function manifestOf({ kind, namespace, name, history }: Policy): ObjectRef {
  const own = at(history.find(({ document }) => document)?.document, 'metadata', 'name');
  return { kind, namespace, name: typeof own === 'string' ? own : name };
}

type Named = Pick<Card, 'kind' | 'namespace' | 'name'> & { tier: string };

/** Flows that a policy, or one of its rules, decided in this way; as logs name it. */
export function flowsOf(policy: Named, staged: boolean, action?: string, rule?: Rule): string {
  const parts = [`name : ${phrase(policy.name)}`, `tier : ${phrase(policy.tier)}`];
  if (policy.namespace) parts.push(`namespace : ${phrase(policy.namespace)}`);
  if (policy.kind) parts.push(`kind : ${phrase(policy.kind)}`);
  parts.push(`set : ${staged ? 'pending' : 'enforced'}`);
  if (rule) parts.push(`rule_index : ${rule.index}`);
  if (action) parts.push(`action : ${phrase(action)}`);
  const hits = `policy_hits : { ${parts.join(' and ')} }`;
  return rule ? `${hits} and reporter : ${rule.side === 'INGRESS' ? 'dst' : 'src'}` : hits;
}

export const flowsAtEnd = (tier: Tier): string =>
  `policy_hits : { tier : ${phrase(tier.name)} and end_of_tier : true and set : enforced }`;

export const actionOf = (rule: Rule): string | undefined =>
  rule.action === 'Log' ? undefined : rule.action.toLowerCase();

export const ruleCount = (rule: Rule): number =>
  amount(rule.counts.allowed) + amount(rule.counts.denied) + amount(rule.counts.passed);

const KINDS: Record<string, string> = {
  CalicoNetworkPolicy: 'NetworkPolicy of Calico',
  NetworkPolicy: 'NetworkPolicy of Kubernetes',
};

export const kindWords = (kind: string): string => KINDS[kind] ?? visible(kind);

export const placeOf = (policy: Pick<Card, 'namespace'>): string =>
  policy.namespace ? visible(policy.namespace) : 'all namespaces';

export const nameOf = (policy: Pick<Logged, 'namespace' | 'name'>): string =>
  visible(policy.namespace ? `${policy.namespace}/${policy.name}` : policy.name);

/** The card that lies beside another one: up and down in its tier, left and right at the same height. */
export function beside(tiers: readonly Tier[], id: string | null, key: string): string | null {
  const columns = tiers.map(({ policies }) => policies.map((card) => card.id)).filter(({ length }) => length);
  const column = columns.findIndex((ids) => ids.includes(id ?? ''));
  if (column < 0) return columns[0]?.[0] ?? null;
  const row = columns[column]?.indexOf(id ?? '') ?? 0;
  if (key === 'ArrowUp' || key === 'ArrowDown')
    return columns[column]?.[row + (key === 'ArrowUp' ? -1 : 1)] ?? id;
  const next = columns[column + (key === 'ArrowLeft' ? -1 : 1)];
  return next ? (next[Math.min(row, next.length - 1)] ?? id) : id;
}
