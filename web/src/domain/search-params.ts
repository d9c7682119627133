/** The short names that stand in a link. Lists repeat their name. */
export type SearchParams = Partial<Record<string, string | string[]>>;

/** What a name says; where it is repeated, the first counts. */
export function firstOf(search: SearchParams, name: string): string | undefined {
  const value = search[name];
  return Array.isArray(value) ? value[0] : value;
}

/** What a name says as a list, each once and none empty. */
export const allOf = (search: SearchParams, name: string): string[] => [
  ...new Set([search[name] ?? []].flat().filter(Boolean)),
];

export function parseSearch(text: string): SearchParams {
  const search: SearchParams = {};
  for (const [name, value] of new URLSearchParams(text)) {
    const known = search[name];
    search[name] = known === undefined ? value : [known, value].flat();
  }
  return search;
}

export function stringifySearch(search: Record<string, unknown>): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(search)) {
    for (const one of [value].flat()) if (typeof one === 'string') params.append(name, one);
  }
  const text = params.toString();
  return text ? `?${text}` : '';
}
