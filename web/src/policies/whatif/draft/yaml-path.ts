/** Where a line of YAML stands, told from its indentation alone: a draft is mostly not whole while it is typed. */

export interface Spot {
  /** Keys from the root down to what holds the line; lists are not named. */
  path: string[];
  /** The key whose value is being written; null while a key, or a list's item, is. */
  key: string | null;
  /** The word before the caret, and what stands before it in the value. */
  word: string;
  before: string;
  /** Keys that the same map has already. */
  siblings: string[];
}

interface Line {
  /** Column of what follows the dashes. */
  column: number;
  /** Column of the last dash. */
  dash: number | null;
  key: string | null;
  value: string;
}

const LINE = /^(\s*(?:-(?:\s+|$))*)(?:(["']?)([\w./-]+)\2:(?:\s+|$))?(.*)$/;

function read(text: string): Line | null {
  if (!text.trim() || text.trim().startsWith('#')) return null;
  const [, lead = '', , key, value = ''] = LINE.exec(text) ?? [];
  const dash = lead.lastIndexOf('-');
  return { column: lead.length, dash: dash < 0 ? null : dash, key: key ?? null, value };
}

/** What holds the line: a key further left, or the head of the list item that the line belongs to. */
function pathOf(lines: readonly string[], row: number, from: Line): string[] {
  const path: string[] = [];
  let { column, dash } = from;
  for (let at = row - 1; at >= 0 && (dash ?? column) >= 0; at -= 1) {
    if (lines[at]?.startsWith('---')) break;
    const line = read(lines[at] ?? '');
    if (!line) continue;
    if (dash === null && line.column === column && line.dash !== null) dash = line.dash;
    else if (line.key !== null && (dash === null ? line.column < column : line.column <= dash)) {
      path.unshift(line.key);
      ({ column, dash } = line);
    }
  }
  return path;
}

function siblingsOf(lines: readonly string[], row: number, { column, dash }: Line): string[] {
  const found: string[] = [];
  const look = (line: Line): boolean => {
    if (line.column === column && line.key) found.push(line.key);
    return line.column >= column;
  };
  for (let at = row - 1; at >= 0 && dash === null; at -= 1) {
    const line = read(lines[at] ?? '');
    if (lines[at]?.startsWith('---') || (line && !look(line))) break;
    if (line?.column === column && line.dash !== null) break;
  }
  for (let at = row + 1; at < lines.length; at += 1) {
    const line = read(lines[at] ?? '');
    if (lines[at]?.startsWith('---') || (line?.dash != null && line.dash < column)) break;
    if (line && !look(line)) break;
  }
  return found;
}

export function spotAt(lines: readonly string[], row: number, column: number): Spot {
  const typed = (lines[row] ?? '').slice(0, column);
  const line = read(typed) ?? { column: typed.length, dash: null, key: null, value: '' };
  const word = /[\w./*-]*$/.exec(line.value)?.[0] ?? '';
  return {
    path: pathOf(lines, row, line),
    key: line.key,
    word,
    before: line.value.slice(0, line.value.length - word.length),
    siblings: siblingsOf(lines, row, line),
  };
}

/** The kind of the document that a line belongs to, and its API version. */
export function kindAt(
  lines: readonly string[],
  row: number,
): { kind: string | null; version: string | null } {
  let [first, last] = [row, row];
  while (first > 0 && !lines[first]?.startsWith('---')) first -= 1;
  while (last < lines.length - 1 && !lines[last + 1]?.startsWith('---')) last += 1;
  const document = lines.slice(first, last + 1).map(read);
  const value = (name: string) =>
    document
      .find((line) => line?.column === 0 && line.key === name)
      ?.value.replace(/["']/g, '')
      .trim() || null;
  return { kind: value('kind'), version: value('apiVersion') };
}
