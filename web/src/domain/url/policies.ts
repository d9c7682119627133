import { nullable, optional, text, word } from './codecs';

export const ONLY = ['all', 'denying', 'staged', 'unused', 'idle'] as const;
export type Only = (typeof ONLY)[number];

/** The policy board. */
export const BOARD = {
  /** The policy that the board tells about, which of them it shows, and words of their names. */
  policy: optional('policy'),
  only: word('only', ONLY, 'all'),
  find: text('find'),
} as const;

/** What a change of policies would do. */
export const WHAT_IF = {
  /** An object of the cluster that a change is tried on: `kind:namespace/name`. */
  object: optional('object'),
  /** What is tried: see the what-if page's `CHANGES`. */
  change: optional('change'),
  /** What the change takes: an order, an action, labels; a template for what is new. */
  value: nullable('value'),
  /** A short draft that a link brings along. */
  draft: optional('draft'),
  /** Other changes that are tried with it, as a link brings them along. */
  kept: optional('kept'),
  flip: optional('flip'),
} as const;
