import { IconArrowRight } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { KINDS, type LogKind } from '../domain/log-kinds';
import { visible } from '../domain/names';
import type { LogRecord } from '../domain/record';
import { encode } from '../domain/url-state';
import { useUrlState } from '../shell/use-url-state';
import { leads } from './linked';

/** What belongs to a record in this and in other logs. */
export function Linked({ kind, record }: { kind: LogKind; record: LogRecord }) {
  const [state] = useUrlState();
  const found = leads(kind, record);
  return (
    <section className="record-group">
      <h3>Searches</h3>
      {found.length === 0 && <p className="t2">This record names nothing to search by.</p>}
      <ul className="lead-list">
        {found.map((lead) => (
          <li key={lead.title}>
            <Link
              to="/logs"
              search={encode({
                ...state,
                ...lead.to,
                columns: [],
                sort: null,
                record: null,
                preset: null,
                tail: false,
              })}
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
  );
}
