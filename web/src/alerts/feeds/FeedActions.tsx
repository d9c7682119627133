import { IconFileImport, IconRefresh, IconTrash } from '@tabler/icons-react';
import type { Feed } from '../../api/feeds';
import { textOf } from '../../api/uploads';
import { ChooseFiles } from '../../shell/ChooseFiles';

interface Props {
  feed: Feed;
  busy: boolean;
  onRefresh: () => void;
  onUpload: (content: string) => void;
  onProblem: (problem: string) => void;
  onDelete: () => void;
}

/** What can be done with a feed: fetched now, or given its content, and deleted. */
export function FeedActions({ feed, busy, onRefresh, onUpload, onProblem, onDelete }: Props) {
  const take = async (file: File | undefined) => {
    if (!file) return;
    const read = await textOf(file, 'split the list');
    if ('text' in read) onUpload(read.text);
    else onProblem(read.problem);
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
        <ChooseFiles className="small" disabled={busy} onFiles={([file]) => take(file)} testId="feed-upload">
          <IconFileImport size={14} stroke={1.75} aria-hidden />
          Upload a file
        </ChooseFiles>
      )}
      <button type="button" className="button small" onClick={onDelete} data-testid="feed-delete">
        <IconTrash size={14} stroke={1.75} aria-hidden />
        Delete
      </button>
    </div>
  );
}
