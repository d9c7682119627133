import type { Feed } from '../../api/feeds';
import { visible } from '../../domain/names';
import { exact, plural } from '../../domain/units';
import { draftOf, PLACES } from './draft';
import { momentWords, nextWords, stateWords } from './words';

/** How a feed stands: how fresh it is, what is in the way, and what of it is no indicator. */
export function FeedStanding({ feed, now }: { feed: Feed; now: number }) {
  const { networks, domains, leftOut, refused, failure } = feed;
  return (
    <>
      <dl data-testid="feed-standing">
        <dt>State</dt>
        <dd>{stateWords(feed)}</dd>
        {failure && (
          <>
            <dt>In the way</dt>
            <dd className="warn-ink">{visible(failure)}</dd>
          </>
        )}
        <dt>Lists</dt>
        <dd>
          {plural(networks, 'network')}, {plural(domains, 'name')}
        </dd>
        <dt>Good copy</dt>
        <dd>{momentWords(feed.fetchedAt, now)}</dd>
        <dt>Checked</dt>
        <dd>{momentWords(feed.checkedAt, now)}</dd>
        <dt>Next</dt>
        <dd>{nextWords(feed, now)}</dd>
      </dl>
      {leftOut > 0 && (
        <details className="kept-list" data-testid="feed-left-out">
          <summary>{plural(leftOut, 'entry', 'entries')} left out</summary>
          <ul>
            {refused.map(({ place, text, reason }) => (
              <li key={`${place} ${text}`}>
                <span className="mono">{visible(text) || 'an indicator'}</span>
                <span className="t3">
                  {PLACES[draftOf(feed.document).form]} {exact(place)}: {visible(reason)}
                </span>
              </li>
            ))}
          </ul>
          {leftOut > refused.length && (
            <p className="t3">and {plural(leftOut - refused.length, 'other')}, which are not kept</p>
          )}
        </details>
      )}
    </>
  );
}
