/** A value as KQL wants it: bare where nothing in it has a meaning, else quoted. */
export function quote(value: string): string {
  if (/^[\w.-]+$/.test(value) && !/^(and|or|not)$/i.test(value)) return value;
  return phrase(value);
}

/** In quotes, where only quotes and backslashes mean something. */
export const phrase = (value: string): string => `"${value.replace(/(["\\])/g, '\\$1')}"`;
