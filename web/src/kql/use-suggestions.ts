import { useEffect, useMemo, useState } from 'react';
import { FieldsDocument, SuggestDocument } from '../api/catalog';
import { useAsk } from '../api/use-ask';
import { KINDS, type LogKind } from '../domain/log-kinds';
import type { AskedRange } from '../domain/time';
import { short } from '../domain/units';
import { contextAt, quote } from './context';

export interface Option {
  label: string;
  insert: string;
  note: string;
  glyph: 'allow' | 'deny' | null;
}

const SHOWN = 9;
const DELAY = 120;

/** What can be typed here: fields and their meaning, values with how often they occur, operators. */
export function useSuggestions(
  text: string,
  caret: number,
  kind: LogKind,
  range: AskedRange,
  clusters: string[] | null,
  open: boolean,
) {
  const context = useMemo(() => contextAt(text, caret), [text, caret]);
  const asked = useMemo(() => ({ kind }), [kind]);
  const fields = useAsk(FieldsDocument, asked).data?.fields;
  const wanted = open && context.expects === 'value' && context.field ? context : null;
  const key = useLater(
    wanted
      ? JSON.stringify({
          kind,
          field: wanted.field,
          prefix: wanted.prefix,
          range: { from: range.from, to: range.to },
          clusters,
        })
      : '',
  );
  const known = useMemo(() => new Set(fields?.map((field) => field.name)), [fields]);
  const variables = useMemo(() => {
    const wanted = key ? JSON.parse(key) : null;
    return wanted && known.has(wanted.field) ? wanted : null;
  }, [key, known]);
  const values = useAsk(SuggestDocument, variables);

  const options = useMemo<Option[]>(() => {
    const prefix = context.prefix.toLowerCase();
    switch (context.expects) {
      case 'field': {
        const matching = (fields ?? []).filter((field) => field.name.includes(prefix));
        matching.sort((a, b) => Number(b.name.startsWith(prefix)) - Number(a.name.startsWith(prefix)));
        return matching
          .slice(0, SHOWN)
          .map((field) => option(field.name, `${field.name} : `, field.description));
      }
      case 'value':
        if (!values.data || !variables || values.data === null) return [];
        return values.data.suggest.flatMap(({ value, count }) =>
          value === null || value === undefined
            ? []
            : [option(value, `${quote(value)} `, `${short(Number(count))} ${KINDS[kind].many}`)],
        );
      case 'comparison':
        return [':', '>', '>=', '<', '<='].map((sign) =>
          option(sign, `${sign} `, sign === ':' ? 'is, or is one of' : ''),
        );
      case 'operator':
        return ['and', 'or', 'and not']
          .filter((word) => word.startsWith(prefix) && word !== prefix)
          .map((word) => option(word, `${word} `, 'operator'));
    }
  }, [context, fields, kind, values.data, variables]);
  return { context, options };
}

function option(label: string, insert: string, note: string): Option {
  return { label, insert, note, glyph: label === 'allow' || label === 'deny' ? label : null };
}

/** The value once it has rested a little, so that not every key press asks the server. */
function useLater(value: string): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), DELAY);
    return () => clearTimeout(timer);
  }, [value]);
  return value ? settled : '';
}
