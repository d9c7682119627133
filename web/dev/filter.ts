import { GraphQLError } from 'graphql';
import { contextAt } from '../src/kql/context';

/** As much of a filter's errors and completion as the page needs to be worked on. */
export function check(filter: string | null | undefined): void {
  const open = (filter ?? '').split('(').length - (filter ?? '').split(')').length;
  if (!filter || (open === 0 && contextAt(`${filter} `, filter.length + 1).expects !== 'value')) return;
  throw new GraphQLError(
    `The filter ends too early at column ${filter.length + 1}: write a value or close the bracket.`,
    {
      extensions: { code: 'BAD_INPUT', path: 'filter', column: filter.length + 1 },
    },
  );
}

export const VALUES: Record<string, string[]> = {
  action: ['allow', 'deny'],
  source_namespace: ['storefront', 'checkout', 'payments', 'observability'],
  dest_namespace: ['data', 'payments', 'kube-system'],
  dest_port: ['443', '5432', '6379', '53'],
  reporter: ['src', 'dst'],
};
