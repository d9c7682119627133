import { IconPlus } from '@tabler/icons-react';
import { FeedsDocument } from '../../api/feeds';
import { useAsk } from '../../api/use-ask';
import { plural } from '../../domain/units';
import { useNow } from '../../shell/use-now';
import { KeptPage } from '../kept/KeptPage';
import { useKeptOpen } from '../kept/use-kept-open';
import { useTelling } from '../kept/use-telling';
import { documentOf, draftOf } from './draft';
import { FeedPane } from './FeedPane';
import { FeedTable } from './FeedTable';
import { useChanges } from './use-changes';
import { useMatches } from './use-matches';

const NONE = {};
const EVERY = 3000;

/** Lists of what is bad: where they are from, how fresh they are, and what they found. */
export function FeedsPage() {
  const { data, problem, retry } = useAsk(FeedsDocument, NONE, EVERY);
  const matches = useMatches();
  const now = useNow(1000);
  const { save } = useChanges();
  const telling = useTelling(retry);
  const { opened, adding, add, open } = useKeptOpen();
  const all = data?.feeds;
  const chosen = all?.find((feed) => feed.id === opened) ?? null;
  return (
    <KeptPage
      many="feeds"
      problem={problem}
      waiting={!all}
      retry={retry}
      said={telling.said || (all ? plural(all.length, 'feed') : '')}
      problems={telling.problems}
      onRead={() => telling.setProblems([])}
      action={
        all && (
          <button type="button" className="button primary" onClick={add} data-testid="add-feed">
            <IconPlus size={15} stroke={1.75} aria-hidden />
            Add a feed
          </button>
        )
      }
      pane={
        (adding || chosen) && (
          <FeedPane
            key={chosen?.id ?? 'new'}
            feed={chosen}
            now={now}
            onChanged={(id, said) => {
              open(id);
              telling.changed(said);
            }}
            onClose={() => open(null)}
          />
        )
      }
    >
      {all && all.length > 0 && (
        <FeedTable
          feeds={all}
          matches={matches}
          chosen={chosen?.id ?? null}
          turning={telling.turning}
          now={now}
          onChoose={(feed) => open(feed.id === opened ? null : feed.id)}
          onTurn={(feed, enabled) =>
            telling.turn(feed.id, enabled, () =>
              save(documentOf({ ...draftOf(feed.document), enabled }), feed),
            )
          }
        />
      )}
      {all?.length === 0 && (
        <div className="notice">
          <p className="notice-title">Nothing is matched with lists of what is bad.</p>
          <p>
            Add a feed of addresses, networks and names, fetched from its address or uploaded. Whatever talks
            to what it lists raises an alert.
          </p>
        </div>
      )}
    </KeptPage>
  );
}
