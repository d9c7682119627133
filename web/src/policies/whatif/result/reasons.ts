/** Why a connection flips: the first step that differs, or what is not known of it. */
import type { EndEvaluation, FlipNode, Step } from '../../../api/simulation';
import { visible } from '../../../domain/names';

export type Side = 'egress' | 'ingress';
export const SIDES: readonly Side[] = ['egress', 'ingress'];

const same = (a: Step, b: Step): boolean =>
  a.tier === b.tier &&
  a.kind === b.kind &&
  a.namespace === b.namespace &&
  a.name === b.name &&
  a.action === b.action &&
  a.endOfTier === b.endOfTier &&
  a.documentRule === b.documentRule;

/** Where the ways part; null where they are the same. */
export function firstDifference(before: readonly Step[], after: readonly Step[]): number | null {
  const longer = Math.max(before.length, after.length);
  for (let at = 0; at < longer; at += 1) {
    const [a, b] = [before[at], after[at]];
    if (!a || !b || !same(a, b)) return at;
  }
  return null;
}

const changed = (a: EndEvaluation | null | undefined, b: EndEvaluation | null | undefined): boolean =>
  a?.verdict !== b?.verdict;
const parted = (a: EndEvaluation | null | undefined, b: EndEvaluation | null | undefined): boolean =>
  firstDifference(a?.steps ?? [], b?.steps ?? []) !== null ||
  (a?.doubts ?? []).join('\n') !== (b?.doubts ?? []).join('\n');

/** The end that makes the difference: whose verdict changes, else whose way does. */
export function sideOf({ before, after }: FlipNode): Side {
  return (
    SIDES.find((side) => changed(before[side], after[side])) ??
    SIDES.find((side) => parted(before[side], after[side])) ??
    (after.egress ? 'egress' : 'ingress')
  );
}

/** `db-isolation, rule 3`, or `the end of tier default`. Rules count from 0 as in the manifest. */
export function stepName({ endOfTier, tier, kind, name, documentRule, ruleIndex }: Step): string {
  if (endOfTier) return `the end of tier ${visible(tier)}`;
  if (kind === 'Profile') return `profile ${visible(name)}`;
  const rule = documentRule ?? (ruleIndex >= 0 ? ruleIndex : null);
  return visible(name) + (rule === null ? '' : `, rule ${rule}`);
}

const DONE = { ALLOW: 'Allowed', DENY: 'Denied', PASS: 'Passed on' } as const;
const said = (step: Step): string => `${DONE[step.action]} ${step.endOfTier ? 'at' : 'by'} ${stepName(step)}`;

export function reasonOf(flip: FlipNode): string {
  const side = sideOf(flip);
  const [before, after] = [flip.before[side], flip.after[side]];
  if (flip.effect === 'UNCERTAIN') {
    const doubts = [...(after?.doubts ?? []), ...(before?.doubts ?? [])];
    return doubts[0] ? visible(doubts[0]) : 'What is known does not decide it';
  }
  const [was, is] = [before?.steps ?? [], after?.steps ?? []];
  const place = firstDifference(was, is);
  if (place === null) return 'Decided by what is not known of it';
  const [old, now, last] = [was[place], is[place], is.at(-1)];
  // A step that passes it on decides nothing; what it leaves it to does.
  if (now && last) return said(now.action === 'PASS' ? last : now);
  return old ? `No longer ${said(old).toLowerCase()}` : '';
}
