import { IconPlus, IconX } from '@tabler/icons-react';
import { groupsOf, type Widget, type WidgetKind } from '../document';
import { FieldPicker } from './FieldPicker';
import type { Fields } from './use-fields';

/** The least and the most groups of each kind of widget; a time series with several measures has none. */
const BOUNDS: Record<WidgetKind, [number, number]> = {
  number: [0, 0],
  timeseries: [0, 2],
  bars: [1, 2],
  table: [1, 4],
  pie: [1, 1],
  heatmap: [1, 2],
};

interface Props {
  widget: Widget;
  fields: Fields;
  onChange: (groupBy: string[]) => void;
}

/** What the records are told apart by. */
export function GroupBy({ widget, onChange }: Props) {
  const groups = groupsOf(widget.query);
  const timed = widget.query.interval !== null && widget.query.interval !== undefined;
  const [least, written] = BOUNDS[widget.kind];
  const most =
    widget.kind === 'heatmap' && timed
      ? 1
      : widget.kind === 'timeseries' && widget.query.metrics.length > 1
        ? 0
        : written;
  if (most === 0) return null;
  return (
    <fieldset className="editor-field">
      <legend>By</legend>
      {groups.map((field, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: groups are known by their place
        <div key={at} className="group-row">
          <FieldPicker
            list="group"
            label={`Group ${at + 1}`}
            value={field}
            onChange={(next) => onChange(groups.map((each, i) => (i === at ? next : each)))}
            testId={`group-${at}`}
          />
          {groups.length > least && (
            <button
              type="button"
              className="icon-button small"
              aria-label={`Remove group ${at + 1}`}
              onClick={() => onChange(groups.filter((_, i) => i !== at))}
            >
              <IconX size={14} stroke={1.75} aria-hidden />
            </button>
          )}
        </div>
      ))}
      {groups.length < most && (
        <button type="button" className="button small" onClick={() => onChange([...groups, ''])}>
          <IconPlus size={13} stroke={1.75} aria-hidden />
          {groups.length ? 'Group further' : 'Group'}
        </button>
      )}
    </fieldset>
  );
}
