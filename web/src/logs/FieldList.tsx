import { IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { KINDS } from '../domain/log-kinds';
import type { Actions } from './actions';
import { type Column, type Field, readColumns } from './columns';
import { FieldItem } from './FieldItem';
import type { Question } from './use-question';

interface Props {
  question: Question;
  fields: readonly Field[] | null;
  columns: readonly Column[];
  actions: Actions;
  onColumns: (columns: Column[]) => void;
  onClose: () => void;
}

/** Every field of the kind: which are columns, and on demand their most frequent values. */
export function FieldList({ question, fields, columns, actions, onColumns, onClose }: Props) {
  const [find, setFind] = useState('');
  // Kept here, since a field that becomes a column moves to the other list.
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const wanted = find.trim().toLowerCase();
  const shown = new Set(columns.map((column) => column.id));
  const info = KINDS[question.kind];
  const matching = (fields ?? []).filter(
    (field) =>
      field.type !== 'nested' &&
      (field.name.toLowerCase().includes(wanted) || field.description.toLowerCase().includes(wanted)),
  );
  const toggle = (id: string) => {
    if (shown.has(id)) onColumns(columns.filter((column) => column.id !== id));
    else onColumns([...columns, ...readColumns([id], info, fields)]);
  };
  const unfold = (id: string) =>
    setOpen((was) => {
      const next = new Set(was);
      if (!next.delete(id)) next.add(id);
      return next;
    });
  const list = (title: string, some: readonly Field[]) => (
    <section>
      <h3>
        {title}, {some.length}
      </h3>
      <ul>
        {some.map((field) => (
          <FieldItem
            key={`${question.kind} ${field.name}`}
            field={field}
            question={question}
            shown={shown.has(field.name)}
            open={open.has(field.name)}
            actions={actions}
            onOpen={() => unfold(field.name)}
            onToggle={() => toggle(field.name)}
          />
        ))}
      </ul>
    </section>
  );
  const composites = columns.filter((column) => column.type === 'composite');
  return (
    <aside className="field-list" aria-label="Fields" data-testid="field-list">
      <div className="field-find">
        <input
          className="text-field"
          placeholder="Find a field"
          aria-label="Find a field"
          data-testid="field-find"
          value={find}
          onChange={(event) => setFind(event.target.value)}
        />
        <button
          type="button"
          className="icon-button field-close"
          aria-label="Close the fields"
          onClick={onClose}
        >
          <IconX size={16} stroke={1.75} aria-hidden />
        </button>
      </div>
      <div className="field-scroll">
        {fields === null && <div className="skeleton field-wait" />}
        {!wanted && composites.length > 0 && (
          <section>
            <h3>Joined columns, {composites.length}</h3>
            <ul>
              {composites.map((column) => (
                <li key={column.id} className="field-joined" title={column.fields.join(', ')}>
                  <span>{column.title}</span>
                  <button
                    type="button"
                    className="icon-button small"
                    aria-label={`Remove the column ${column.title}`}
                    onClick={() => toggle(column.id)}
                  >
                    <IconX size={13} stroke={1.75} aria-hidden />
                  </button>
                </li>
              ))}
            </ul>
          </section>
        )}
        {list(
          'Columns',
          matching.filter((field) => shown.has(field.name)),
        )}
        {list(
          'All fields',
          matching.filter((field) => !shown.has(field.name)),
        )}
        {fields !== null && matching.length === 0 && <p className="t3">No field has that in its name.</p>}
      </div>
      <button
        type="button"
        className="button small field-reset"
        onClick={() => onColumns(readColumns([], info, fields))}
        data-testid="columns-reset"
      >
        Usual columns
      </button>
    </aside>
  );
}
