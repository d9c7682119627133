/** A dashboard to a file, and a file's text to what is sent for judging. */
import type { DashboardDocument } from './document';

export const exported = (document: DashboardDocument): string => `${JSON.stringify(document, null, 2)}\n`;

/** Only whether it is JSON at all; what it says is the server's to judge, which names the place. */
export function imported(text: string): { document: unknown; problem: string | null } {
  if (!text.trim())
    return { document: null, problem: 'There is nothing to import; paste a document or choose a file.' };
  try {
    const document: unknown = JSON.parse(text);
    if (typeof document !== 'object' || document === null || Array.isArray(document))
      return { document: null, problem: 'The text is JSON, but no object; a dashboard begins with “{”.' };
    return { document, problem: null };
  } catch (reason) {
    return { document: null, problem: `The text is no JSON: ${lineOf(text, String(reason))}` };
  }
}

/** Engines tell the place in their own ways; people look for a line. */
function lineOf(text: string, reason: string): string {
  const at = /position (\d+)/.exec(reason);
  if (!at) return `${reason.replace(/^\w*Error: /, '')}.`;
  const before = text.slice(0, Number(at[1]));
  const line = before.split('\n').length;
  const column = before.length - before.lastIndexOf('\n');
  return `look at line ${line}, column ${column}.`;
}
