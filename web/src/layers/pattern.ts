/** A pattern over names: `*` is any part, and `\` takes the next character as it is. */
export type Fits = (name: string) => boolean;

/** Linear in the name's length, whatever the pattern: names come out of logs. */
export function fitting(pattern: string): Fits {
  const [first = '', ...rest] = partsOf(pattern);
  if (!rest.length) return (name) => name === first;
  const last = rest.pop() as string;
  return (name) => {
    if (name.length < first.length + last.length || !name.startsWith(first) || !name.endsWith(last)) {
      return false;
    }
    const end = name.length - last.length;
    let at = first.length;
    for (const part of rest) {
      const found = name.indexOf(part, at);
      if (found < 0 || found + part.length > end) return false;
      at = found + part.length;
    }
    return true;
  };
}

/** The pattern that only this name fits. */
export const literally = (name: string): string => name.replace(/[\\*]/g, '\\$&');

function partsOf(pattern: string): string[] {
  const parts = [''];
  for (let at = 0; at < pattern.length; at += 1) {
    const mark = pattern.charAt(at);
    if (mark === '*') {
      parts.push('');
      continue;
    }
    if (mark === '\\' && at + 1 < pattern.length) at += 1;
    parts[parts.length - 1] += pattern.charAt(at);
  }
  return parts;
}
