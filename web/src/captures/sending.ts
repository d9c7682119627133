import { session } from '../api/session';

/** Sends a capture's file and gives the id of its summary, or says why there is none. */
export async function sendCapture(
  file: File,
  cluster: string,
  shared: boolean,
): Promise<{ id: string } | { problem: string }> {
  const params = new URLSearchParams({ cluster, file: file.name, shared: String(shared) });
  const token = session.token();
  try {
    const answer = await fetch(`/captures/v1?${params}`, {
      method: 'POST',
      body: file,
      headers: {
        'x-requested-with': 'tapetum',
        'content-type': 'application/octet-stream',
        ...(token ? { authorization: `Bearer ${token}` } : {}),
      },
    });
    if (answer.status === 401) session.refuse();
    const told = (await answer.json()) as { id?: string; error?: string };
    return told.id ? { id: told.id } : { problem: told.error ?? `The server answered ${answer.status}.` };
  } catch {
    return { problem: 'The file did not arrive whole: it may be too large, or the server is away.' };
  }
}
