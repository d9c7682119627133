import { useMemo } from 'react';
import { FieldsDocument } from '../api/catalog';
import { useAsk } from '../api/use-ask';
import type { LogKind } from '../domain/log-kinds';
import type { Field } from './columns';

/** The fields of a kind, but for its id, which the API gives in another form; null until they are there. */
export function useFields(kind: LogKind): readonly Field[] | null {
  const variables = useMemo(() => ({ kind }), [kind]);
  const { data, current } = useAsk(FieldsDocument, variables);
  return useMemo(
    () => (current ? (data?.fields.filter((field) => field.name !== 'id') ?? null) : null),
    [current, data],
  );
}
