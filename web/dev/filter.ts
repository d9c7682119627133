import { GraphQLError } from 'graphql';
import { tokenise } from '../src/kql/tokens';

/** As much of a filter's errors and completion as the page needs to be worked on. */
export function check(filter: string | null | undefined): void {
  const open = (filter ?? '').split('(').length - (filter ?? '').split(')').length;
  const last = tokenise(filter?.trim() ?? '').at(-1);
  if (!filter || (open === 0 && last?.kind !== 'operator')) return;
  throw new GraphQLError(
    `The filter ends too early at column ${filter.length + 1}: write a value or close the bracket.`,
    {
      extensions: { code: 'BAD_INPUT', path: 'filter', column: filter.length + 1 },
    },
  );
}

const VALUES: Record<string, string[]> = {
  action: ['allow', 'deny'],
  source_namespace: ['storefront', 'checkout', 'payments', 'observability'],
  dest_namespace: ['data', 'payments', 'kube-system'],
  dest_port: ['443', '5432', '6379', '53'],
  reporter: ['src', 'dst'],
};

const FIELDS: Record<string, string> = {
  action: 'allow or deny',
  source_namespace: 'Namespace of the source',
  dest_namespace: 'Namespace of the destination',
  dest_port: 'Port of the destination',
  reporter: 'Who reported it',
  process_name: 'Process at the source',
  bytes_in: 'Bytes in',
  source_name_aggr: 'Workload',
  dest_name_aggr: 'Workload',
  num_flows_started: 'Connections started',
  dest_domains: 'Domains',
};

/** Fields by the word at the cursor, or values after a field and a colon. */
export function complete(text: string, cursor: number) {
  const [, field, word = ''] = /(?:(\w+)\s*:\s*)?(\w*)$/.exec(text.slice(0, cursor)) ?? [];
  const place = { field: field ?? null, start: cursor - word.length, end: cursor };
  if (field)
    return (VALUES[field] ?? [])
      .filter((value) => value.startsWith(word))
      .map((value, at) => ({
        ...place,
        kind: 'VALUE',
        text: value,
        description: '',
        count: String(802 - at * 131),
      }));
  return Object.entries(FIELDS)
    .filter(([name]) => name.includes(word))
    .map(([name, description]) => ({ ...place, kind: 'FIELD', text: name, description, count: null }));
}
