import { IconPlus, IconX } from '@tabler/icons-react';
import { FOLDS, groupsOf, type Metric, OPS, type Op, type Widget } from '../document';
import { FieldPicker } from './FieldPicker';
import type { Fields } from './use-fields';

const WORDS: Record<Op, string> = {
  count: 'Number of records',
  sum: 'Sum of',
  avg: 'Mean of',
  min: 'Smallest',
  max: 'Largest',
  distinct: 'Different values of',
};
const MOST = 10;

interface Props {
  widget: Widget;
  fields: Fields;
  onChange: (metrics: Metric[]) => void;
}

/** What is measured: one thing, or several where the widget can tell them apart. */
export function Metrics({ widget, onChange }: Props) {
  const { metrics } = widget.query;
  const groups = groupsOf(widget.query).length;
  const several =
    widget.kind === 'table' || widget.kind === 'bars' || (widget.kind === 'timeseries' && groups === 0);
  const set = (at: number, metric: Metric) => onChange(metrics.map((each, i) => (i === at ? metric : each)));
  return (
    <fieldset className="editor-field">
      <legend>Measured</legend>
      {metrics.map((metric, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: metrics are known by their place
        <div key={at} className="metric">
          <select
            className="text-field"
            aria-label={`Measure ${at + 1}`}
            value={metric.op}
            onChange={(event) => {
              const op = event.target.value as Op;
              set(
                at,
                op === 'count' ? { op, label: metric.label } : { ...metric, op, field: metric.field ?? '' },
              );
            }}
            data-testid={`metric-${at}`}
          >
            {(widget.calendar ? FOLDS : OPS).map((op) => (
              <option key={op} value={op}>
                {WORDS[op]}
              </option>
            ))}
          </select>
          {metric.op !== 'count' && (
            <FieldPicker
              list="measure"
              label={`Field of measure ${at + 1}`}
              value={metric.field ?? ''}
              onChange={(field) => set(at, { ...metric, field })}
              testId={`metric-field-${at}`}
            />
          )}
          <input
            className="text-field"
            aria-label={`Name of measure ${at + 1}`}
            placeholder="Name"
            maxLength={60}
            value={metric.label ?? ''}
            onChange={(event) => set(at, { ...metric, label: event.target.value || null })}
          />
          {metrics.length > 1 && (
            <button
              type="button"
              className="icon-button small"
              aria-label={`Remove measure ${at + 1}`}
              onClick={() => onChange(metrics.filter((_, i) => i !== at))}
            >
              <IconX size={14} stroke={1.75} aria-hidden />
            </button>
          )}
        </div>
      ))}
      {several && metrics.length < MOST && (
        <button
          type="button"
          className="button small"
          onClick={() => onChange([...metrics, { op: 'count' }])}
        >
          <IconPlus size={13} stroke={1.75} aria-hidden />
          Measure more
        </button>
      )}
    </fieldset>
  );
}
