import { useMemo } from 'react';
import { FieldsDocument } from '../../api/catalog';
import { useAsk } from '../../api/use-ask';
import type { Kind } from '../document';
import { recordKind } from '../document';

export interface FieldInfo {
  name: string;
  type: string;
  multi: boolean;
  description: string;
}

/** Of flows: what is worked out of a record's counters and its reporter, whoever that is. */
const DIRECTED: FieldInfo[] = [
  ['bytes_to_target', 'Bytes from the client to the server.'],
  ['bytes_to_source', 'Bytes from the server to the client.'],
  ['packets_to_target', 'Packets from the client to the server.'],
  ['packets_to_source', 'Packets from the server to the client.'],
].map(([name = '', description = '']) => ({ name, type: 'long', multi: false, description }));

export interface Fields {
  group: FieldInfo[];
  measure: FieldInfo[];
}

const NONE: Fields = { group: [], measure: [] };

/** The fields of a kind that records can be grouped and measured by. */
export function useFields(kind: Kind): Fields {
  const variables = useMemo(() => ({ kind: recordKind(kind) }), [kind]);
  const { data, current } = useAsk(FieldsDocument, variables);
  return useMemo(() => {
    if (!data || !current) return NONE;
    const single = data.fields.filter((field) => !field.multi && !field.name.includes('policy_hits.'));
    return {
      group: single.filter(({ type, name }) => type !== 'nested' && type !== 'date' && name !== 'id'),
      measure: [...(kind === 'flows' ? DIRECTED : []), ...single.filter(({ type }) => type !== 'nested')],
    };
  }, [data, current, kind]);
}
