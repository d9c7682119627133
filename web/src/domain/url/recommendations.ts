import { constant, flag, list, optional, text, word } from './codecs';

export const STYLES = ['STAGED', 'CALICO', 'KUBERNETES'] as const;
export type Style = (typeof STYLES)[number];

/** What is told of a recommendation: its policies, what they would deny, what they leave out. */
export const TOLD = ['policies', 'denied', 'left-out'] as const;
export type Told = (typeof TOLD)[number];

/** What policies are recommended from, and which of them is read. */
export const RECOMMENDATIONS = {
  /** Whose policies are recommended, beside the namespaces: a selector of Calico's. */
  selector: text('selector'),
  style: constant('style', STYLES, 'STAGED'),
  /** How much of the range is learnt from: `all`, a share as `80%`, or a time point. */
  learn: text('learn', '80%'),
  /** Filters of what policies are not to be learnt from. */
  unwanted: list('unwanted'),
  /** What alerts show is learnt from too. */
  alerted: flag('alerted', 'learn'),
  /** The recommended policy that is read: `namespace/name`. */
  recommended: optional('recommended'),
  told: word('told', TOLD, 'policies'),
} as const;
