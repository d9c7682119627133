import './dashboards.css';
import { IconFileImport, IconLock, IconPlus, IconSearch, IconUsers } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { type DashboardEntry, DashboardsDocument } from '../api/dashboards';
import { useAsk } from '../api/use-ask';
import { visible } from '../domain/names';
import { ago } from '../domain/units';
import { useUrlState } from '../shell/use-url-state';
import { along } from './address';
import { ImportDialog } from './ImportDialog';

const NONE = {};

/** All dashboards that the reader may open: those of the product, their own, and what others share. */
export function DashboardsPage() {
  const [state] = useUrlState();
  const { data, problem, retry } = useAsk(DashboardsDocument, NONE);
  const [find, setFind] = useState('');
  const [importing, setImporting] = useState(false);
  const words = find.trim().toLowerCase();
  const matching = useMemo(
    () =>
      (data?.dashboards ?? []).filter(({ title, description }) =>
        `${title} ${description}`.toLowerCase().includes(words),
      ),
    [data, words],
  );
  const search = along(state);
  const sections: [string, DashboardEntry[]][] = [
    ['Yours and shared', matching.filter(({ builtin }) => !builtin)],
    ['Built in', matching.filter(({ builtin }) => builtin)],
  ];
  return (
    <div className="dash-page">
      <div className="dash-bar">
        <label className="dash-find">
          <IconSearch size={15} stroke={1.75} aria-hidden />
          <input
            className="text-field"
            placeholder="Find a dashboard"
            aria-label="Find a dashboard"
            value={find}
            onChange={(event) => setFind(event.target.value)}
            data-testid="find-dashboard"
          />
        </label>
        <span className="top-space" />
        <button
          type="button"
          className="button"
          onClick={() => setImporting(true)}
          data-testid="import-dashboard"
        >
          <IconFileImport size={15} stroke={1.75} aria-hidden />
          Import
        </button>
        <Link
          to="/dashboards/$id"
          params={{ id: 'new' }}
          search={search}
          className="button primary"
          data-testid="new-dashboard"
        >
          <IconPlus size={15} stroke={1.75} aria-hidden />
          New dashboard
        </Link>
      </div>
      <div className="dash-scroll">
        {problem && (
          <p className="widget-problem" role="alert">
            The dashboards did not answer: {problem.message}
            <button type="button" className="button small" onClick={retry}>
              Try again
            </button>
          </p>
        )}
        {!data && !problem && (
          <div className="dash-cards" aria-busy="true">
            {[0, 1, 2, 3, 4, 5].map((at) => (
              <span key={at} className="skeleton dash-card-waiting" />
            ))}
          </div>
        )}
        {sections.map(
          ([title, entries]) =>
            entries.length > 0 && (
              <section key={title} aria-label={title}>
                <h2 className="dash-section">{title}</h2>
                <ul className="dash-cards">
                  {entries.map((entry) => (
                    <li key={entry.id}>
                      <Link
                        to="/dashboards/$id"
                        params={{ id: entry.id }}
                        search={search}
                        className="dash-card"
                        data-testid="dashboard-card"
                      >
                        <span className="dash-card-title cut">{visible(entry.title)}</span>
                        <span className="dash-card-about t2">{visible(entry.description)}</span>
                        <span className="dash-card-foot t3">{footOf(entry)}</span>
                      </Link>
                    </li>
                  ))}
                </ul>
              </section>
            ),
        )}
        {data && !matching.length && (
          <div className="notice">
            <p className="notice-title">No dashboard has “{find.trim()}” in its name or description.</p>
          </div>
        )}
      </div>
      {importing && <ImportDialog onClose={() => setImporting(false)} />}
    </div>
  );
}

function footOf(entry: DashboardEntry) {
  if (entry.builtin)
    return (
      <>
        <IconLock size={12} stroke={2} aria-hidden /> Comes with Tapetum; copy it to change it
      </>
    );
  const when = entry.updatedAt ? `Saved ${ago(Date.parse(entry.updatedAt), Date.now())}` : '';
  return (
    <>
      {entry.shared && <IconUsers size={12} stroke={2} aria-label="Shared" />} {when}
      {entry.updatedBy ? ` by ${visible(entry.updatedBy)}` : ''}
    </>
  );
}
