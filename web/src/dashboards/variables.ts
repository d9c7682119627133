/** What the reader has picked, as KQL. `cluster` and `namespace` are the page's own, set in its bar. */
import { allOf, inNamespaces } from '../kql/build';
import { phrase } from '../kql/quote';
import { type DashboardDocument, type Kind, namespacesOf, type Variable } from './document';

export type Values = Readonly<Record<string, string>>;

/** Those that the dashboard asks for itself. */
export const ownVariables = (document: DashboardDocument): Variable[] =>
  (document.variables ?? []).filter(({ name }) => name !== 'cluster' && name !== 'namespace');

/** What narrows every widget that asks records of this kind. */
export function scopeFilter(
  kind: Kind,
  scope: { document: DashboardDocument; namespaces: readonly string[]; values: Values },
): string | null {
  const named = scope.document.variables?.find(({ name }) => name === 'namespace')?.fields;
  const inside = inNamespaces(scope.namespaces, named?.[kind] ?? namespacesOf(kind));
  return allOf([inside, ownFilter(kind, scope)]);
}

/** Only what the dashboard's own variables add: the logs page has the bar's scope itself. */
export function ownFilter(kind: Kind, scope: { document: DashboardDocument; values: Values }): string | null {
  return allOf(
    ownVariables(scope.document).map(({ name, fields, default: otherwise }) => {
      const value = scope.values[name] ?? otherwise ?? '';
      return value ? (fields[kind] ?? []).map((field) => `${field} : ${phrase(value)}`).join(' or ') : null;
    }),
  );
}
