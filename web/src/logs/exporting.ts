import { session } from '../api/session';
import { KINDS } from '../domain/log-kinds';
import type { Column } from './columns';
import type { Question } from './use-question';

export type Form = 'csv' | 'ndjson';

/** Where the records of a question stand as one file, with the fields behind the columns that are shown. */
export function exportAddress(question: Question, columns: readonly Column[], form: Form): string {
  const { kind, range, clusters, filter, orderBy } = question;
  const params = new URLSearchParams({ from: range.from, to: range.to });
  if (filter) params.set('filter', filter);
  if (clusters?.length) params.set('clusters', clusters.join());
  if (orderBy) params.set('order', `${orderBy.field}:${orderBy.direction.toLowerCase()}`);
  params.set('columns', [...new Set(columns.flatMap((column) => column.fields))].join());
  return `/export/v1/${KINDS[kind].slug}.${form}?${params}`;
}

interface Picker {
  showSaveFilePicker?: (options: { suggestedName: string }) => Promise<FileSystemFileHandle>;
}

/**
 * Saves a file that wants the tab's token, which a link cannot carry. Written to disk as it comes where the browser
 * lets a page do that, else gathered in memory first. Says why it failed; null where it did not.
 */
export async function download(address: string, name: string): Promise<string | null> {
  const picker = (globalThis as Picker).showSaveFilePicker;
  try {
    const file = await picker?.({ suggestedName: name });
    const answer = await fetch(address, { headers: { authorization: `Bearer ${session.token()}` } });
    if (answer.status === 401) session.refuse();
    if (!answer.ok || !answer.body) return sentence(await answer.text(), answer.status);
    if (file) await answer.body.pipeTo(await file.createWritable());
    else offer(await answer.blob(), name);
    return null;
  } catch (reason) {
    if (reason instanceof DOMException && reason.name === 'AbortError') return null;
    return 'The file broke off before its end; nothing of it is to be trusted.';
  }
}

function sentence(body: string, status: number): string {
  try {
    return String(JSON.parse(body).error);
  } catch {
    return `The export answered ${status}.`;
  }
}

function offer(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
