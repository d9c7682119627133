import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { useState } from 'react';
import { visible } from '../domain/names';
import type { LogRecord, Scalar } from '../domain/record';
import { condition } from '../kql/conjuncts';
import type { Actions } from './actions';
import type { Field } from './columns';
import { dated, shownValue } from './format';
import { type Group, grouped, type Told } from './groups';
import { ValueActions } from './ValueActions';

const FOLD = 3;

interface Props {
  record: LogRecord;
  fields: readonly Field[];
  actions: Actions;
}

export function Structured({ record, fields, actions }: Props) {
  return grouped(record, fields).map((group) => (
    <Section key={group.title} group={group} record={record} actions={actions} />
  ));
}

function Section({ group, record, actions }: { group: Group; record: LogRecord; actions: Actions }) {
  const [whole, setWhole] = useState(false);
  const { title, told, without } = group;
  return (
    <section className="record-group">
      <h3>{title}</h3>
      {told.length > 0 && (
        <dl>
          {told.map((each) => (
            <Fact key={each.field.name} told={each} record={record} actions={actions} />
          ))}
        </dl>
      )}
      {without.length > 0 && (
        <button
          type="button"
          className="fold-button"
          aria-expanded={whole}
          onClick={() => setWhole((was) => !was)}
        >
          {whole ? <IconChevronDown size={12} aria-hidden /> : <IconChevronRight size={12} aria-hidden />}
          {without.length} without a value
        </button>
      )}
      {whole && <p className="mono t3 without">{without.map((field) => field.name).join(', ')}</p>}
    </section>
  );
}

function Fact({ told, record, actions }: { told: Told; record: LogRecord; actions: Actions }) {
  const { field, values } = told;
  const [whole, setWhole] = useState(false);
  // Parts of several objects repeat; each value is worth one line.
  const distinct = [...new Set(values)];
  const shown = whole ? distinct : distinct.slice(0, FOLD);
  const rest = distinct.length - shown.length;
  return (
    <div className="fact" data-field={field.name} data-testid="fact">
      <dt className="mono cut" title={`${field.name}: ${field.description}`}>
        {field.name}
      </dt>
      <dd>
        {shown.map((value) => (
          <Value key={String(value)} value={value} field={field} record={record} actions={actions} />
        ))}
        {(rest > 0 || whole) && (
          <button type="button" className="fold-button" onClick={() => setWhole((was) => !was)}>
            {whole ? 'Show fewer' : `Show ${rest} more`}
          </button>
        )}
      </dd>
    </div>
  );
}

interface ValueProps {
  value: Scalar;
  field: Field;
  record: LogRecord;
  actions: Actions;
}

function Value({ value, field, record, actions }: ValueProps) {
  const text =
    field.type === 'date' ? dated(String(value)) : shownValue(record, field.name, field.type, value);
  const exact = visible(String(value));
  return (
    <span className="fact-value">
      <span className="mono long-text" title={text === exact ? undefined : exact}>
        {text}
      </span>
      <ValueActions
        of={`${field.name} ${text}`}
        part={condition(field.name, value)}
        text={String(value)}
        actions={actions}
        reachable
      />
    </span>
  );
}
