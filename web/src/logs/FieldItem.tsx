import { IconChevronDown, IconChevronRight, IconEye, IconEyeOff } from '@tabler/icons-react';
import type { Actions } from './actions';
import type { Field } from './columns';
import { FieldValues } from './FieldValues';
import type { Question } from './use-question';

const MARKS: Record<string, string> = { keyword: 'k', ip: 'ip', long: '#', date: 't', boolean: 'b' };
const TYPES: Record<string, string> = {
  keyword: 'text',
  ip: 'address',
  long: 'whole number',
  date: 'time',
  boolean: 'yes or no',
};

interface Props {
  field: Field;
  question: Question;
  shown: boolean;
  open: boolean;
  actions: Actions;
  onOpen: () => void;
  onToggle: () => void;
}

export function FieldItem({ field, question, shown, open, actions, onOpen, onToggle }: Props) {
  const type = TYPES[field.type] ?? field.type;
  return (
    <li
      className="field-item"
      data-shown={shown || undefined}
      data-field={field.name}
      data-testid="field-item"
    >
      <div className="field-head">
        <button
          type="button"
          className="field-name"
          aria-expanded={open}
          title={`${field.description} (${type}${field.multi ? ', may be several' : ''})`}
          onClick={onOpen}
        >
          {open ? (
            <IconChevronDown size={13} stroke={1.75} aria-hidden />
          ) : (
            <IconChevronRight size={13} stroke={1.75} aria-hidden />
          )}
          <span className="field-mark">
            <span aria-hidden>{MARKS[field.type] ?? '?'}</span>
            <span className="visually-hidden">{type}:</span>
          </span>
          <span className="mono cut">{field.name}</span>
        </button>
        <button
          type="button"
          className="icon-button small"
          aria-pressed={shown}
          aria-label={`Column ${field.name}`}
          title={shown ? 'Remove the column' : 'Show as a column'}
          data-testid="field-toggle"
          onClick={onToggle}
        >
          {shown ? (
            <IconEye size={14} stroke={1.75} aria-hidden />
          ) : (
            <IconEyeOff size={14} stroke={1.75} aria-hidden />
          )}
        </button>
      </div>
      {open && <FieldValues field={field} question={question} actions={actions} />}
    </li>
  );
}
