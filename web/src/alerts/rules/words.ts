/** What a rule says, in the few words of a row. */
import type { AlertRule, AlertWindow } from '../../api/alert-rules';
import { exact } from '../../domain/units';

const SIGNS: Record<AlertWindow['condition'], string> = {
  GT: '>',
  GTE: '≥',
  LT: '<',
  LTE: '≤',
  EQ: '=',
  NOT_EQ: '≠',
};
const MEASURED: Record<AlertWindow['op'], string> = {
  COUNT: 'records with',
  SUM: 'sum of',
  AVG: 'mean of',
  MIN: 'smallest',
  MAX: 'largest',
  DISTINCT: 'different',
};

/** What a rule goes by: its detector, its window, or each record by itself. */
export function judgedBy({ detector, window }: Pick<AlertRule, 'detector' | 'window'>): string {
  return detector ? `detector ${detector.name} over ${lengthWords(detector.lookback)}` : windowWords(window);
}

/** `sum of count ≥ 100 in 10 min, by qname`; a rule without a window judges each record. */
export function windowWords(window: AlertWindow | null | undefined): string {
  if (!window) return 'each record';
  const measured = window.field ? `${MEASURED[window.op]} ${window.field}` : 'records';
  const bound = `${SIGNS[window.condition]} ${boundWords(window.threshold)}`;
  const by = window.groupBy.length ? `, by ${window.groupBy.join(', ')}` : '';
  return `${measured} ${bound} in ${lengthWords(window.lookback)}${by}`;
}

const boundWords = (bound: number): string =>
  Number.isInteger(bound) ? exact(String(bound)) : String(bound);

/** `90 s`, `10 min`, `2 h`, `1 d`: the largest unit that leaves a whole number. */
export function lengthWords(seconds: number): string {
  for (const [unit, length] of [
    ['d', 86_400],
    ['h', 3600],
    ['min', 60],
  ] as const)
    if (seconds % length === 0) return `${seconds / length} ${unit}`;
  return `${seconds} s`;
}

export const originWords = (rule: Pick<AlertRule, 'builtin' | 'replacesBuiltin'>): string =>
  rule.builtin ? 'Built in' : rule.replacesBuiltin ? 'Built in, changed' : 'Saved';

/** The words that a rule is found by. */
export const foundBy = (rule: AlertRule, words: string): boolean =>
  `${rule.title} ${rule.description} ${rule.kind} ${rule.filter} ${rule.technique ?? ''}`
    .toLowerCase()
    .includes(words);
