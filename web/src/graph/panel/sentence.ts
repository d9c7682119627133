import { exact } from '../../domain/units';
import type { ServiceEdgeQuery } from '../../gql/graphql';

export type EdgeDetail = NonNullable<ServiceEdgeQuery['serviceEdge']>;
export type Report = EdgeDetail['reports'][number];
export type Policy = EdgeDetail['policies'][number];

export interface VerdictSentence {
  tone: 'allowed' | 'denied' | 'mixed';
  title: string;
  text: string;
}

const some = (value: string | null | undefined) => value !== null && value !== undefined && value !== '0';

/** The verdict of an edge in words: who decided it, how often, and what the other side saw. */
export function verdictSentence(edge: EdgeDetail): VerdictSentence {
  const denied = some(edge.denied.records);
  const allowed = some(edge.allowed.records);
  const tries = count(edge.denied);
  const passes = count(edge.allowed);
  if (!denied) {
    const silent =
      edge.reports.length === 1 ? ` Only the ${side(edge.reports[0]?.reporter)} reported it.` : '';
    return { tone: 'allowed', title: 'Allowed', text: `${passes} opened, none denied.${silent}` };
  }
  const where = deniedAt(edge.reports);
  const by = decider(edge.policies);
  const cause = by ? ` Denied by ${by}.` : '';
  if (allowed) {
    return {
      tone: 'mixed',
      title: `Partly denied${where}`,
      text: `${tries} denied, ${passes} allowed.${cause}`,
    };
  }
  return { tone: 'denied', title: `Denied${where}`, text: `${tries} tried, none completed.${cause}` };
}

function count(traffic: EdgeDetail['allowed']): string {
  const about = traffic.estimated ? 'About ' : '';
  if (traffic.connections !== null && traffic.connections !== undefined) {
    return `${about}${exact(traffic.connections)} ${traffic.connections === '1' ? 'connection' : 'connections'}`;
  }
  return `${about}${exact(traffic.records)} ${traffic.records === '1' ? 'record' : 'records'}`;
}

export const side = (reporter: string | undefined): string =>
  reporter === 'SRC' ? 'source' : reporter === 'DST' ? 'destination' : 'forwarding host';

function deniedAt(reports: readonly Report[]): string {
  const at = new Set(
    reports.filter((report) => some(report.denied.records)).map((report) => report.reporter),
  );
  if (at.size !== 1) return at.size ? ' at both ends' : '';
  return ` at the ${side([...at][0])}`;
}

/** `db-isolation, rule 3`, or the tier whose end it was. */
export function decider(policies: readonly Policy[]): string | null {
  const deny = policies
    .filter((policy) => policy.action === 'DENY' && policy.set === 'ENFORCED' && !policy.staged)
    .sort((a, b) => Number(b.records) - Number(a.records))[0];
  if (!deny) return null;
  return deny.endOfTier ? `the end of tier ${deny.tier}` : `${deny.name}, ${ruleWord(deny)}`;
}

export function ruleWord(policy: { ruleIndex: number; endOfTier: boolean }): string {
  if (policy.endOfTier || policy.ruleIndex === -1) return 'end of tier';
  return policy.ruleIndex < 0 ? 'rule unknown' : `rule ${policy.ruleIndex}`;
}
