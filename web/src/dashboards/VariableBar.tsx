import { useMemo, useState } from 'react';
import { SuggestDocument } from '../api/catalog';
import { useAsk } from '../api/use-ask';
import { useUrlState } from '../shell/use-url-state';
import type { DashboardDocument, Kind, Variable } from './document';
import { recordKind } from './document';
import { ownVariables, type Values } from './variables';

/** `name:value` in the address; a value may have colons itself. */
export const readValues = (texts: readonly string[]): Values =>
  Object.fromEntries(
    texts.map((text) => {
      const at = text.indexOf(':');
      return [text.slice(0, at), text.slice(at + 1)];
    }),
  );

export const writeValues = (values: Values): string[] =>
  Object.entries(values).map(([name, value]) => `${name}:${value}`);

/** What the dashboard asks its reader for, beside the bar's cluster and namespaces. */
export function VariableBar({ document, values }: { document: DashboardDocument; values: Values }) {
  const [, update] = useUrlState();
  const own = ownVariables(document);
  if (!own.length) return null;
  return (
    <div className="dash-variables">
      {own.map((variable) => (
        <VariableField
          key={`${variable.name} ${values[variable.name] ?? ''}`}
          variable={variable}
          value={values[variable.name] ?? variable.default ?? ''}
          onValue={(value) => update({ values: writeValues({ ...values, [variable.name]: value }) })}
        />
      ))}
    </div>
  );
}

interface FieldProps {
  variable: Variable;
  value: string;
  onValue: (value: string) => void;
}

function VariableField({ variable, value, onValue }: FieldProps) {
  const [text, setText] = useState(value);
  const [state] = useUrlState();
  const [first] = Object.entries(variable.fields) as [Kind, string[]][];
  const list = `variable-${variable.name}`;
  const { from, to, cluster } = state;
  const kind = first?.[0];
  const field = first?.[1][0];
  const variables = useMemo(
    () =>
      kind && field
        ? {
            kind: recordKind(kind),
            field,
            prefix: '',
            range: { from, to },
            clusters: cluster ? [cluster] : null,
          }
        : null,
    [kind, field, from, to, cluster],
  );
  const { data } = useAsk(SuggestDocument, variables);
  return (
    <form
      className="variable"
      onSubmit={(event) => {
        event.preventDefault();
        onValue(text.trim());
      }}
    >
      <label>
        <span className="t3">{variable.title}</span>
        <input
          className="text-field"
          list={list}
          value={text}
          placeholder="Any"
          onChange={(event) => setText(event.target.value)}
          onBlur={() => text.trim() !== value && onValue(text.trim())}
        />
      </label>
      <datalist id={list}>
        {data?.suggest.map(({ value: each }) => each && <option key={each} value={each} />)}
      </datalist>
    </form>
  );
}
