import { flag, list, optional, text } from './codecs';

/** What is asked about, on every page. */
export const SCOPE = {
  cluster: optional('cluster'),
  namespaces: list('ns'),
  query: text('q'),
  highlight: flag('mode', 'highlight'),
} as const;
