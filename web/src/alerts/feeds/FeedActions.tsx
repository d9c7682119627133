import { IconFileImport, IconRefresh, IconTrash } from '@tabler/icons-react';
import type { Feed } from '../../api/feeds';
import { bytes } from '../../domain/units';

interface Props {
  feed: Feed;
  busy: boolean;
  onRefresh: () => void;
  onUpload: (content: string) => void;
  onProblem: (problem: string) => void;
  onDelete: () => void;
}

/** The request may have 16 MiB, in which line ends and quotes take two bytes. */
const MOST = 16 * 2 ** 20 - 4096;

/** What can be done with a feed: fetched now, or given its content, and deleted. */
export function FeedActions({ feed, busy, onRefresh, onUpload, onProblem, onDelete }: Props) {
  const take = async (file: File | undefined) => {
    if (!file) return;
    const content = file.size <= MOST ? await file.text() : null;
    const size = content === null ? file.size : new Blob([JSON.stringify(content)]).size;
    if (content !== null && size <= MOST) return onUpload(content);
    onProblem(`${file.name} takes ${bytes(size)}, and an upload may have ${bytes(MOST)}; split the list.`);
  };
  return (
    <div className="kept-actions">
      {feed.url ? (
        <button
          type="button"
          className="button small"
          disabled={busy || !feed.enabled}
          title={feed.enabled ? undefined : 'Switch it on first'}
          onClick={onRefresh}
          data-testid="feed-refresh"
        >
          <IconRefresh size={14} stroke={1.75} aria-hidden />
          Fetch it now
        </button>
      ) : (
        <label className="button small import-file">
          <IconFileImport size={14} stroke={1.75} aria-hidden />
          Upload a file
          <input
            type="file"
            className="visually-hidden"
            disabled={busy}
            onChange={(event) => {
              take(event.target.files?.[0]);
              // The same file again is a change too.
              event.target.value = '';
            }}
            data-testid="feed-upload"
          />
        </label>
      )}
      <button type="button" className="button small" onClick={onDelete} data-testid="feed-delete">
        <IconTrash size={14} stroke={1.75} aria-hidden />
        Delete
      </button>
    </div>
  );
}
