import { bytes } from '../domain/units';

/** A request that brings something in may have 16 MiB, in which line ends and quotes take two bytes. */
const MOST = 16 * 2 ** 20 - 4096;

/** A file's text where a request has room for it; else why not, and what to do instead: `split the list`. */
export async function textOf(file: File, instead: string): Promise<{ text: string } | { problem: string }> {
  try {
    const text = file.size <= MOST ? await file.text() : null;
    const size = text === null ? file.size : new Blob([JSON.stringify(text)]).size;
    if (text !== null && size <= MOST) return { text };
    return {
      problem: `${file.name} takes ${bytes(size)}, and an upload may have ${bytes(MOST)}; ${instead}.`,
    };
  } catch {
    return { problem: `${file.name} cannot be read as a file; choose it again.` };
  }
}
