import { IconArrowRight } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { LINKS, type LinkedRecord, readLinks } from '../api/log-links';
import { useAsk } from '../api/use-ask';
import { KINDS, type LogKind } from '../domain/log-kinds';
import { visible } from '../domain/names';
import type { LogRecord } from '../domain/record';
import { encode, type UrlState } from '../domain/url-state';
import { useUrlState } from '../shell/use-url-state';
import { dated } from './format';
import { around, leads } from './linked';
import { kindOf, LINK_LISTS, type LinkList, summary } from './links';

const FRESH = {
  columns: [],
  sort: null,
  record: null,
  preset: null,
  tail: false,
} satisfies Partial<UrlState>;
const HOUR = 3_600_000;

/** What belongs to a record: records of other kinds, and searches that it leads to. */
export function Linked({ kind, record }: { kind: LogKind; record: LogRecord }) {
  const [state] = useUrlState();
  const variables = useMemo(() => ({ id: record.id }), [record.id]);
  // A kind without links asks nothing.
  const asked = LINKS[kind];
  const { data, current, problem, retry } = useAsk(asked ?? NO_LINKS, asked ? variables : null);
  const found = current && data ? readLinks(data) : null;
  return (
    <>
      {problem && (
        <p className="warn-ink" role="alert">
          The linked records did not answer: {problem.message}{' '}
          <button type="button" className="button small" onClick={retry}>
            Try again
          </button>
        </p>
      )}
      {LINK_LISTS[kind].map((list) => (
        <Records
          key={list.field}
          list={list}
          records={found ? (found[list.field] ?? []) : null}
          state={state}
        />
      ))}
      <section className="record-group">
        <h3>Searches</h3>
        <ul className="lead-list">
          {leads(kind, record).map((lead) => (
            <li key={lead.title}>
              <Link
                to="/logs"
                search={encode({ ...state, ...FRESH, ...lead.to })}
                className="lead"
                data-testid="lead"
              >
                <span>
                  {lead.title} <span className="t3">in {KINDS[lead.to.kind].label}</span>
                </span>
                <span className="mono t3 cut" title={visible(lead.to.query)}>
                  {visible(lead.to.query)}
                </span>
                <IconArrowRight size={14} stroke={1.75} aria-hidden />
              </Link>
            </li>
          ))}
        </ul>
      </section>
    </>
  );
}

const NO_LINKS = LINKS.FLOWS as NonNullable<(typeof LINKS)['FLOWS']>;

interface RecordsProps {
  list: LinkList;
  /** Null while they are on their way. */
  records: LinkedRecord[] | null;
  state: UrlState;
}

function Records({ list, records, state }: RecordsProps) {
  return (
    <section className="record-group" data-testid="link-list" data-field={list.field}>
      <h3>
        {list.title} <span className="t3">{list.why}</span>
      </h3>
      {records === null && <div className="skeleton" style={{ height: 40 }} />}
      {records?.length === 0 && <p className="t3">None found.</p>}
      <ul className="lead-list">
        {records?.map((record) => {
          const kind = kindOf(record);
          const to = { kind, query: '', record: record.id, ...around(record, HOUR / 2) };
          return (
            <li key={record.id}>
              <Link
                to="/logs"
                search={encode({ ...state, ...FRESH, ...to })}
                className="lead"
                data-testid="linked-record"
              >
                <span className="mono t3">{dated(record.time)}</span>
                <span className="mono long-text">{summary(record)}</span>
                <IconArrowRight size={14} stroke={1.75} aria-hidden />
              </Link>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
