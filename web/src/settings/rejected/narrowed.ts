/** The page's own variables in the address, each `name:value`. */
export const named = (values: readonly string[], name: string): string | null =>
  values.find((each) => each.startsWith(`${name}:`))?.slice(name.length + 1) ?? null;

export const withValue = (values: readonly string[], name: string, value: string | null): string[] => [
  ...values.filter((each) => !each.startsWith(`${name}:`)),
  ...(value === null ? [] : [`${name}:${value}`]),
];
