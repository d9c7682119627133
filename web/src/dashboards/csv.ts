/** A table as CSV (RFC 4180) that a spreadsheet opens without taking a name from a log for a formula. */
import { isoSeconds } from '../domain/time';
import type { Tabular } from './tabular';

export function toCsv(table: Tabular): string {
  const lines = [table.columns.map(({ title, unit }) => cell(unit ? `${title} (${unit})` : title))];
  for (const row of table.rows)
    lines.push([
      ...(table.timed ? [row.start === null ? '' : isoSeconds(row.start)] : []),
      ...row.names.map(cell),
      ...row.values.map((value) => (value === null ? '' : String(value))),
    ]);
  return `${lines.map((line) => line.join(',')).join('\r\n')}\r\n`;
}

function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
}

/** Hands a text, or whatever else a file can hold, to the browser as a file. */
export function download(name: string, type: string, content: BlobPart): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([content], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

/** A title as a name for a file. */
export const fileName = (title: string, ending: string): string =>
  `${
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 60) || 'dashboard'
  }.${ending}`;
