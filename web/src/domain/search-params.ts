/** The short names that stand in a link. Lists repeat their name. */
export type SearchParams = Partial<Record<string, string | string[]>>;

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
