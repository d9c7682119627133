import { IconX } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { KqlBar } from '../../kql/KqlBar';
import { useUrlState } from '../../shell/use-url-state';
import {
  type Calendar,
  KIND_WORDS,
  type Kind,
  RECORDS,
  recordKind,
  UNITS,
  type Unit,
  WIDGET_WORDS,
  WIDGETS,
  type Widget,
  type WidgetKind,
} from '../document';
import { reshaped, SUBJECT, withCalendar } from '../edits';
import { FieldPicker } from './FieldPicker';
import { GroupBy } from './GroupBy';
import { Metrics } from './Metrics';
import { useFields } from './use-fields';

interface Props {
  widget: Widget;
  onChange: (widget: Widget) => void;
  onClose: () => void;
}

const INTERVALS: [string, string][] = [
  ['auto', 'By the range'],
  ['10', '10 s'],
  ['60', '1 min'],
  ['300', '5 min'],
  ['900', '15 min'],
  ['3600', '1 h'],
  ['86400', '1 d'],
];

/** What a widget asks and how it is drawn. The grid beside it shows each change at once. */
export function Editor({ widget, onChange, onClose }: Props) {
  const [state] = useUrlState();
  const fields = useFields(widget.query.kind);
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => first.current?.focus(), []);
  const { query } = widget;
  const ask = (patch: Partial<Widget['query']>) => onChange({ ...widget, query: { ...query, ...patch } });
  const changeKind = (kind: Kind) => {
    // Another kind of record has other fields: what was asked of the old ones means nothing there.
    const groupBy = query.groupBy?.length ? [SUBJECT[kind]] : [];
    onChange({
      ...widget,
      drill: null,
      unit: 'count',
      query: { ...query, kind, filter: '', groupBy, metrics: [{ op: 'count' }] },
    });
  };
  const timed = query.interval !== null && query.interval !== undefined;
  return (
    <aside className="editor" aria-label={`Edit ${widget.title}`} data-testid="editor">
      <header>
        <h3 className="cut">{widget.title}</h3>
        <button type="button" className="icon-button" aria-label="Close the editor" onClick={onClose}>
          <IconX size={16} stroke={1.75} aria-hidden />
        </button>
      </header>
      <div className="editor-body">
        <label>
          Title
          <input
            ref={first}
            className="text-field"
            value={widget.title}
            maxLength={120}
            onChange={(event) => onChange({ ...widget, title: event.target.value })}
            data-testid="widget-title"
          />
        </label>
        <label>
          Drawn as
          <select
            className="text-field"
            value={widget.kind}
            onChange={(event) => onChange(reshaped(widget, event.target.value as WidgetKind))}
            data-testid="widget-kind"
          >
            {WIDGETS.map((kind) => (
              <option key={kind} value={kind}>
                {WIDGET_WORDS[kind]}
              </option>
            ))}
          </select>
        </label>
        {widget.kind === 'heatmap' && (
          <label>
            Rows
            <select
              className="text-field"
              value={widget.calendar ?? ''}
              onChange={(event) => onChange(withCalendar(widget, (event.target.value as Calendar) || null))}
              data-testid="calendar"
            >
              <option value="">Groups</option>
              <option value="days">Days, by hour</option>
              <option value="weekdays">Days of the week, by hour</option>
            </select>
          </label>
        )}
        <label>
          Records
          <select
            className="text-field"
            value={query.kind}
            onChange={(event) => changeKind(event.target.value as Kind)}
            data-testid="record-kind"
          >
            {RECORDS.map((kind) => (
              <option key={kind} value={kind}>
                {KIND_WORDS[kind]}
              </option>
            ))}
          </select>
        </label>
        <div className="editor-field">
          <span>Filter</span>
          <KqlBar
            key={query.kind}
            query={query.filter ?? ''}
            kind={recordKind(query.kind)}
            range={state}
            clusters={state.cluster ? [state.cluster] : null}
            problem={null}
            onRun={(filter) => ask({ filter })}
          />
        </div>
        <Metrics widget={widget} fields={fields} onChange={(metrics) => ask({ metrics })} />
        {widget.kind !== 'number' && !widget.calendar && (
          <GroupBy widget={widget} fields={fields} onChange={(groupBy) => ask({ groupBy })} />
        )}
        {(widget.kind === 'timeseries' || (widget.kind === 'heatmap' && timed)) && (
          <label>
            Bucket
            <select
              className="text-field"
              value={String(query.interval)}
              onChange={(event) =>
                ask({ interval: event.target.value === 'auto' ? 'auto' : Number(event.target.value) })
              }
            >
              {INTERVALS.some(([value]) => value === String(query.interval)) || (
                <option value={String(query.interval)}>{query.interval} s</option>
              )}
              {INTERVALS.map(([value, word]) => (
                <option key={value} value={value}>
                  {word}
                </option>
              ))}
            </select>
          </label>
        )}
        {widget.kind !== 'number' && !widget.calendar && (
          <label>
            Groups at most
            <input
              className="text-field"
              type="number"
              min={1}
              max={1000}
              value={query.limit ?? 10}
              onChange={(event) => ask({ limit: clamped(event.target.valueAsNumber) })}
            />
          </label>
        )}
        <label>
          Unit
          <select
            className="text-field"
            value={widget.unit ?? 'count'}
            onChange={(event) => onChange({ ...widget, unit: event.target.value as Unit })}
          >
            {UNITS.map((unit) => (
              <option key={unit} value={unit}>
                {unit}
              </option>
            ))}
          </select>
        </label>
        {query.kind === 'flows' && (
          <label className="editor-check">
            <input
              type="checkbox"
              checked={query.reporters === 'each'}
              onChange={(event) => ask({ reporters: event.target.checked ? 'each' : 'combined' })}
            />
            Take each side’s report as it is (totals then count connections twice)
          </label>
        )}
        <label>
          Explanation
          <textarea
            className="text-field"
            rows={3}
            maxLength={2000}
            value={widget.description ?? ''}
            onChange={(event) => onChange({ ...widget, description: event.target.value })}
          />
        </label>
      </div>
      <FieldPicker.List fields={fields} />
    </aside>
  );
}

const clamped = (value: number): number =>
  Number.isFinite(value) ? Math.max(1, Math.min(1000, Math.round(value))) : 10;
