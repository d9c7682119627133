import { flag, list, optional } from './codecs';

/** What a dashboard shows beside what it was saved with. */
export const DASHBOARDS = {
  /** Values of a dashboard's own variables, each `name:value`. */
  values: list('var'),
  edit: flag('edit'),
  /** The widget that is shown large, or edited. */
  widget: optional('widget'),
} as const;
