/** From what a rule rests on, or would deny, to a filter that finds it in the flow logs. */
import { FLOWS_OF_A_RULE, type LearntFlow, type RecommendedRule } from '../../api/recommendation';
import { allOf } from '../../kql/build';
import { phrase, quote } from '../../kql/quote';

export type Side = 'ingress' | 'egress';
type End = 'source' | 'dest';

/** More of them would make a filter that nobody reads. */
const MOST_PATHS = 8;

const anyOf = (values: readonly string[]): string =>
  values.length === 1 ? (values[0] as string) : `(${values.join(' or ')})`;
const either = (conditions: readonly string[]): string =>
  conditions.length === 1 ? (conditions[0] as string) : conditions.map((each) => `(${each})`).join(' or ');

/** An end as flows name it: in a namespace, by its domains or its address, or a host, a network or a global set. */
export function endOf(side: End, name: string): string {
  const slash = name.indexOf('/');
  if (slash > 0)
    return `${side}_namespace : ${phrase(name.slice(0, slash))} and ${side}_name_aggr : ${phrase(name.slice(slash + 1))}`;
  if (/^[\d.]+$|^[\da-f]*:[\da-f:.]*$/i.test(name)) return `${side}_ip : ${phrase(name)}`;
  const named = `${side}_name_aggr : ${phrase(name)}`;
  if (side === 'source') return named;
  const domains = name.split(', ');
  if (domains.length > 1) return `dest_domains : ${anyOf(domains.map(phrase))}`;
  // Hosts can be called as domains are. A network's flows to named domains are other flows.
  return /\.[a-z]/i.test(name)
    ? `dest_domains : ${phrase(name)} or ${named}`
    : `${named} and not dest_domain : *`;
}

function traffic(protocol: string | null | undefined, ports: readonly number[]): string[] {
  const numbers = [...new Set(ports)].sort((a, b) => a - b).map(String);
  return [
    ...(protocol ? [`proto : ${quote(protocol)}`] : []),
    ...(numbers.length ? [`dest_port : ${anyOf(numbers)}`] : []),
  ];
}

type Path = Pick<LearntFlow, 'source' | 'target' | 'protocol'>;

const pathKql = ({ source, target, protocol }: Path, ports: readonly number[]): string =>
  allOf([endOf('source', source), endOf('dest', target), ...traffic(protocol, ports)]) as string;

export const edgeFlows = (edge: Path & Pick<LearntFlow, 'port'>): FoundFlows => ({
  kql: pathKql(edge, edge.port === null || edge.port === undefined ? [] : [edge.port]),
  wider: false,
});

/** Alike but for their ports, which are gathered. */
function pathsOf(flows: readonly LearntFlow[]): (LearntFlow & { ports: number[] })[] {
  const paths = new Map<string, LearntFlow & { ports: number[] }>();
  for (const flow of flows) {
    const key = JSON.stringify([flow.source, flow.target, flow.protocol]);
    const path = paths.get(key) ?? { ...flow, ports: [] };
    if (flow.port !== null && flow.port !== undefined) path.ports.push(flow.port);
    paths.set(key, path);
  }
  return [...paths.values()];
}

export interface FoundFlows {
  kql: string;
  /** Whether it finds all that its own end does at these ports, as the other ends are too many to name. */
  wider: boolean;
}

/** Null where a rule rests on no flow. */
export function flowsOf(rule: RecommendedRule, side: Side): FoundFlows | null {
  if (!rule.flows.length) return null;
  const paths = pathsOf(rule.flows);
  if (rule.flows.length < FLOWS_OF_A_RULE && paths.length <= MOST_PATHS) {
    const each = paths.map((path) => pathKql(path, path.ports));
    return { kql: either(each), wider: false };
  }
  const end = side === 'ingress' ? 'dest' : 'source';
  const own = [...new Set(rule.flows.map(({ source, target }) => (end === 'dest' ? target : source)))];
  const kql = allOf([either(own.map((name) => endOf(end, name))), ...traffic(rule.protocol, rule.ports)]);
  return { kql: kql as string, wider: true };
}
