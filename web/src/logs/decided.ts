import type { Evaluated, PolicyTrace, Step } from '../api/policy-trace';

/** A step as it is compared: what did what, by which rule. */
const written = (step: Step): string =>
  [step.tier, step.kind, step.namespace, step.name, step.action, step.ruleIndex, step.endOfTier].join('\n');

export const sameSteps = (a: readonly Step[], b: readonly Step[]): boolean =>
  a.length === b.length && a.every((step, place) => written(step) === written(b[place] as Step));

/** The steps of the record in the set that took effect. */
export const loggedSteps = ({ logged }: PolicyTrace): Step[] =>
  logged.filter(({ set }) => set === 'ENFORCED');

const WORDS = { ALLOW: 'allowed', DENY: 'denied', UNCERTAIN: 'uncertain' } as const;

/** One sentence: whether the policies of then decide the flow as its record says. */
export function agreement(trace: PolicyTrace): { tone: 'allowed' | 'denied' | 'doubt'; text: string } {
  const { enforced, action } = trace;
  if (!enforced) return { tone: 'doubt', text: 'The policies of that time cannot decide it.' };
  if (enforced.verdict === 'UNCERTAIN')
    return { tone: 'doubt', text: 'What the record does not tell decides it.' };
  const decides = WORDS[enforced.verdict];
  const tone = enforced.verdict === 'ALLOW' ? 'allowed' : 'denied';
  if (action === null) return { tone, text: `The policies of that time say ${decides}.` };
  const agrees = (action === 'ALLOW') === (enforced.verdict === 'ALLOW');
  if (!agrees)
    return { tone: 'doubt', text: `The policies of that time say ${decides}; the record says otherwise.` };
  return sameSteps(loggedSteps(trace), enforced.steps)
    ? { tone, text: `The policies of that time say ${decides}, step by step as the record does.` }
    : { tone, text: `The policies of that time say ${decides} as the record does, by other steps.` };
}

/** What staged policies would do, where that differs; else null. */
export function pendingOf({ enforced, pending }: PolicyTrace): Evaluated | null {
  if (!pending) return null;
  const same = enforced?.verdict === pending.verdict && sameSteps(pending.steps, enforced.steps);
  return same ? null : pending;
}
