import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { Feed } from '../../api/feeds';
import { visible } from '../../domain/names';
import { exact, plural } from '../../domain/units';
import { encode, type UrlState } from '../../domain/url-state';
import { carried } from '../../shell/screens';
import { useUrlState } from '../../shell/use-url-state';
import { type Column, KeptTable } from '../kept/KeptTable';
import { draftOf, FORMS } from './draft';
import { momentWords, nextWords, raisedBy, stateWords } from './words';

interface Props {
  feeds: readonly Feed[];
  /** Alerts that each raised, by its title; null where that is not known. */
  matches: ReadonlyMap<string, number> | null;
  chosen: string | null;
  /** Ids of feeds that are being switched. */
  turning: ReadonlySet<string>;
  now: number;
  onChoose: (feed: Feed) => void;
  onTurn: (feed: Feed, enabled: boolean) => void;
}

const t2 = () => 't2';

function columnsOf(state: UrlState, matches: Props['matches'], now: number): Column<Feed>[] {
  const alerts = (feed: Feed) => {
    const raised = matches?.get(feed.title) ?? 0;
    if (matches === null || raised === 0) return matches === null ? '' : '0';
    const search = encode({ ...carried(state, '/alerts'), filter: raisedBy(feed.title) });
    return (
      <Link
        to="/alerts"
        search={search}
        className="kept-link num"
        aria-label={`${plural(raised, 'alert')} of ${visible(feed.title)} in the last 7 days`}
        data-testid="feed-alerts"
      >
        {exact(raised)}
      </Link>
    );
  };
  return [
    { head: 'Category', cell: ({ category }) => category },
    {
      head: 'Form',
      className: 'wide-only',
      tone: t2,
      cell: ({ document }) => FORMS[draftOf(document).form],
    },
    { head: 'Indicators', className: 'num', cell: ({ networks, domains }) => exact(networks + domains) },
    { head: 'Good copy', tone: t2, cell: ({ fetchedAt }) => momentWords(fetchedAt, now) },
    {
      head: 'Checked',
      className: 'wide-only',
      tone: t2,
      cell: ({ checkedAt }) => momentWords(checkedAt, now),
    },
    { head: 'Next', tone: t2, cell: (feed) => nextWords(feed, now) },
    {
      head: 'State',
      tone: ({ failure, enabled }) => (failure && enabled ? 'warn-ink' : 't2'),
      cell: stateWords,
    },
    { head: 'Alerts, 7 d', className: 'num', cell: alerts },
  ];
}

/** A feed a row: whether it is on, what it lists, how fresh that is, and what it found. */
export function FeedTable({ feeds, matches, now, ...rest }: Props) {
  const [state] = useUrlState();
  const columns = useMemo(() => columnsOf(state, matches, now), [state, matches, now]);
  return (
    <KeptTable one="feed" label="Indicator feeds" head="Feed" rows={feeds} columns={columns} {...rest} />
  );
}
