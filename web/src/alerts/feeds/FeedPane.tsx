import { type FormEvent, useState } from 'react';
import type { Changed, Told } from '../../api/changes';
import type { Feed } from '../../api/feeds';
import { Problems } from '../../dashboards/Problems';
import { plural } from '../../domain/units';
import { ConfirmDelete } from '../kept/ConfirmDelete';
import { KeptPane } from '../kept/KeptPane';
import { onlySwitched } from '../kept/switched';
import { documentOf, draftOf, EMPTY, placed } from './draft';
import { FeedActions } from './FeedActions';
import { FeedFields } from './FeedFields';
import { FeedIndicators } from './FeedIndicators';
import { FeedStanding } from './FeedStanding';
import { useChanges } from './use-changes';

interface Props {
  /** Null for a new one. */
  feed: Feed | null;
  now: number;
  /** With the id of what was changed; null where it is gone. */
  onChanged: (id: string | null, said: string) => void;
  onClose: () => void;
}

/** One feed: how it stands, what it lists, and what it says. */
export function FeedPane({ feed, now, onChanged, onClose }: Props) {
  const changes = useChanges();
  const [whole, setWhole] = useState(() => (feed ? draftOf(feed.document) : EMPTY));
  const [draft, setDraft] = useState(whole);
  // The version that the draft was read from: over what somebody else saved meanwhile it is refused.
  const [version, setVersion] = useState(feed?.version);
  if (feed && feed.version !== version) {
    const read = draftOf(feed.document);
    if (draft === whole || onlySwitched(read, whole)) {
      setVersion(feed.version);
      setWhole(read);
      if (draft === whole) setDraft(read);
    }
  }
  const [told, setTold] = useState<readonly Told[]>([]);
  const [busy, setBusy] = useState(false);
  const [deleting, setDeleting] = useState(false);
  const { at, rest } = placed(told);
  const run = async <Done,>(asked: Promise<Changed<Done>>): Promise<Done | null> => {
    setBusy(true);
    const { done, told: wrong } = await asked;
    setBusy(false);
    setTold(wrong);
    return done;
  };
  const act = async (one: Feed, asked: Promise<Changed>) => {
    const said = await run(asked);
    if (said) onChanged(one.id, said);
  };
  const save = async (event: FormEvent) => {
    event.preventDefault();
    // It may have been switched in the list since it was opened.
    const document = documentOf({ ...draft, enabled: feed?.enabled ?? draft.enabled });
    const id = await run(changes.save(document, feed && { ...feed, version: version ?? feed.version }));
    if (!id) return;
    setWhole(draft);
    onChanged(
      id,
      feed ? 'Saved.' : draft.url.trim() ? 'Saved; it is fetched now.' : 'Saved; upload its list.',
    );
  };
  return (
    <KeptPane one="feed" title={feed?.title ?? null} onClose={onClose}>
      {feed && (
        <>
          <FeedStanding feed={feed} now={now} />
          {feed.networks + feed.domains > 0 && <FeedIndicators key={feed.fetchedAt ?? ''} id={feed.id} />}
          <FeedActions
            feed={feed}
            busy={busy}
            onRefresh={() => act(feed, changes.refresh(feed))}
            onUpload={(content) => act(feed, changes.upload(feed, content))}
            onProblem={(message) => setTold([{ message }])}
            onDelete={() => setDeleting(true)}
          />
        </>
      )}
      <form className="kept-form" onSubmit={save}>
        <FeedFields draft={draft} fresh={!feed} at={at} onChange={setDraft} />
        <Problems problems={rest} />
        <div className="ask-buttons">
          <button
            type="submit"
            className="button primary"
            disabled={busy || (feed !== null && draft === whole)}
            data-testid="feed-save"
          >
            {feed ? 'Save' : 'Add'}
          </button>
        </div>
      </form>
      {deleting && feed && (
        <ConfirmDelete
          title={feed.title}
          remove={() => changes.remove(feed)}
          onDeleted={() => onChanged(null, 'Deleted.')}
          onClose={() => setDeleting(false)}
          testId="feed-confirm-delete"
        >
          What it lists ({plural(feed.networks + feed.domains, 'indicator')}) is gone with it, and nothing is
          matched with it any more. The alerts that it raised stay.
        </ConfirmDelete>
      )}
    </KeptPane>
  );
}
