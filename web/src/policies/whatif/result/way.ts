/** The cards of a trace: each step, and between them the tiers that hold nothing for this endpoint. */
import type { EndEvaluation, Step } from '../../../api/simulation';

export type Card = { step: Step; differs: boolean } | { skipped: string };

/**
 * Tiers that only the other way meets are shown as skipped, so that both ways line up; tiers that neither meets
 * are left out, as most of a cluster's tiers would be.
 */
export function cardsOf(
  end: EndEvaluation | null,
  other: EndEvaluation | null,
  tiers: readonly string[],
  differs: number | null,
): Card[] {
  const steps = end?.steps ?? [];
  const met = new Set([...steps, ...(other?.steps ?? [])].map(({ tier }) => tier));
  const order = [...tiers, ...[...met].filter((tier) => !tiers.includes(tier))].filter((tier) =>
    met.has(tier),
  );
  const reached = Math.max(-1, ...steps.map(({ tier }) => order.indexOf(tier)));
  const cards: Card[] = [];
  for (const [place, tier] of order.entries()) {
    const here = steps.flatMap((step, at) => (step.tier === tier ? [{ step, differs: at === differs }] : []));
    if (here.length) cards.push(...here);
    else if (place < reached) cards.push({ skipped: tier });
  }
  return cards;
}
