/** Recommended policies in numbers and words, and what is handed on of them. */
import type { RecommendedPolicy, RecommendedRule, Unlearnt } from '../../api/recommendation';
import { visible } from '../../domain/names';
import { clockMinutes, day } from '../../domain/units';
import type { Style } from '../../domain/url-state';

export const STYLE_WORDS: Record<Style, string> = {
  STAGED: 'Staged Calico',
  CALICO: 'Calico',
  KUBERNETES: 'Kubernetes',
};
export const WHY: Record<Unlearnt['why'], string> = {
  UNWANTED: 'Left out as unwanted',
  ALERT: 'An alert shows it',
  FEW_CONNECTIONS: 'Too few connections',
  FEW_DAYS: 'Seen on too few days',
  UNNAMED: 'Records do not tell who one end is',
};

export const keyOf = ({ namespace, name }: RecommendedPolicy): string => `${namespace}/${name}`;

/** The chosen policy, or the first where the choice is not, or no longer, there. */
export const chosenOf = (policies: readonly RecommendedPolicy[], key: string | null) =>
  policies.find((each) => keyOf(each) === key) ?? policies[0] ?? null;

export interface Sums {
  connections: number;
  coverage: number;
  unused: number;
}

export function sumsOf({ ingress, egress }: RecommendedPolicy): Sums {
  const rules: RecommendedRule[] = [...ingress, ...egress];
  const sum = (of: (rule: RecommendedRule) => number) => rules.reduce((all, rule) => all + of(rule), 0);
  return {
    connections: sum(({ connections }) => Number(connections)),
    // What a workload sends to itself is in both directions.
    coverage: Math.min(
      1,
      sum(({ coverage }) => coverage),
    ),
    unused: sum(({ unusedPairs }) => Number(unusedPairs)),
  };
}

/** `3.84 %`; what there is is never said to be nothing. */
export function share(of: number): string {
  if (of === 0) return '0 %';
  if (of < 0.0001) return 'under 0.01 %';
  if (of < 1 && of >= 0.99995) return 'over 99.99 %';
  return `${(of * 100).toFixed(2).replace(/\.?0+$/, '')} %`;
}

/** `tcp 80, 443`, `any` */
export function trafficOf({ protocol, ports }: Pick<RecommendedRule, 'protocol' | 'ports'>): string {
  const all = ports.length ? ports.join(', ') : '';
  return [protocol ? visible(protocol) : 'any', all].filter(Boolean).join(' ');
}

/** `2026-11-29 00:17 to 00:40`, and one minute once. */
export function seen(first: string, last: string): string {
  const [from, to] = [Date.parse(first), Date.parse(last)];
  const start = `${day(from)} ${clockMinutes(from)}`;
  if (start === `${day(to)} ${clockMinutes(to)}`) return start;
  const end = day(from) === day(to) ? clockMinutes(to) : `${day(to)} ${clockMinutes(to)}`;
  return `${start} to ${end}`;
}

/** A policy string as words: `recommended-web, rule 3`. */
export function deciderOf(text: string): string {
  const [, tier, full = '', , rule] = text.split('|');
  const name = full.replace(/^\w+:/, '').replace(/^[^/]*\//, '');
  if (!name || rule === undefined) return visible(text);
  if (rule === '-1') return `${visible(name)}: no rule of it matches (tier ${visible(tier ?? '')})`;
  return `${visible(name)}, rule ${visible(rule)}`;
}

/** The policies as one file, after the tier that the cluster lacks. */
export const manifests = (tier: string | null | undefined, policies: readonly RecommendedPolicy[]): string =>
  [...(tier ? [tier] : []), ...policies.map(({ yaml }) => yaml)].map((each) => `---\n${each}`).join('');

/** A staged policy as it will be in force; others are. */
export const inForce = (yaml: string): string =>
  yaml.replace(/^kind: StagedNetworkPolicy$/m, 'kind: NetworkPolicy').replace(/^ {2}stagedAction: .*\n/m, '');
