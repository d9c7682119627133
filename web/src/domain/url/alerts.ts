import { flag, optional, text } from './codecs';

/** Alerts, their rules, and what is kept beside them. */
export const ALERTS = {
  alert: optional('alert'),
  /** Which alerts are listed, as KQL over alerts. */
  filter: text('filter'),
  /** Whether they are shown by tactic and technique too. */
  matrix: flag('matrix'),
  /** The alert rule that is read. */
  rule: optional('rule'),
  /** What is to be left out of its filter: KQL. */
  except: optional('except'),
  /** What is opened beside a table of what is kept, by its id: a cluster, a feed, a target of alerts. */
  opened: optional('opened'),
} as const;
