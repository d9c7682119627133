/** Pixels that marks are apart at least. */
export const APART = 24;
const BESIDE = 22;
const WIDEST = 190;

/** How wide the words of a mark may be before they meet another or the end, to its right or else its left. */
export function room(at: number, others: readonly number[], width: number) {
  const right = Math.min(width, ...others.filter((other) => other > at).map((other) => other - APART / 2));
  const left = Math.max(0, ...others.filter((other) => other < at).map((other) => other + APART / 2));
  const [after, before] = [right - at - BESIDE, at - left - BESIDE].map((free) => Math.min(WIDEST, free));
  const flip = (after ?? 0) < WIDEST && (before ?? 0) > (after ?? 0);
  return { flip, width: Math.max(0, (flip ? before : after) ?? 0) };
}
