import { IconX } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { RECORDS, readRecord } from '../api/log-records';
import { useAsk } from '../api/use-ask';
import { KINDS, type LogKind } from '../domain/log-kinds';
import { isUnlogged, sampledOneIn } from '../domain/record';
import type { Actions } from './actions';
import type { Field } from './columns';
import { Decided } from './Decided';
import { dated } from './format';
import { Linked } from './Linked';
import { RawLine } from './RawLine';
import { Structured } from './Structured';

const VIEWS = ['Structured', 'Policies', 'JSON', 'Linked'] as const;
/** Only flows are decided by policies. */
const viewsOf = (kind: LogKind) => VIEWS.filter((view) => view !== 'Policies' || kind === 'FLOWS');

interface Props {
  kind: LogKind;
  id: string;
  fields: readonly Field[] | null;
  actions: Actions;
  onClose: () => void;
}

/** One record: its fields, the line that it came from, and what belongs to it in other logs. */
export function RecordPanel({ kind, id, fields, actions, onClose }: Props) {
  const [view, setView] = useState<(typeof VIEWS)[number]>('Structured');
  const variables = useMemo(() => ({ id }), [id]);
  const { data, current, problem, retry } = useAsk(RECORDS[kind], variables);
  const record = current && data ? readRecord(data) : null;
  const info = KINDS[kind];
  const oneIn = record && sampledOneIn(record);
  return (
    <aside className="record-panel" aria-label={`Selected ${info.one}`} data-testid="record-panel">
      <header>
        <h2>
          {info.one}
          {record && <span className="mono t1"> {dated(record.time)}</span>}
        </h2>
        <button
          type="button"
          className="icon-button"
          aria-label="Close the record"
          title="Close (Esc)"
          onClick={onClose}
        >
          <IconX size={16} stroke={1.75} aria-hidden />
        </button>
      </header>
      <div className="segments record-views">
        {viewsOf(kind).map((each) => (
          <button
            key={each}
            type="button"
            aria-pressed={view === each}
            data-testid={`record-${each.toLowerCase()}`}
            onClick={() => setView(each)}
          >
            {each}
          </button>
        ))}
      </div>
      {oneIn && (
        <p className="record-note">
          <span className="chip warn">Estimate</span> Sampled 1 in {oneIn}: counters marked ~ are what the
          source counted, not what passed.
        </p>
      )}
      {record && kind === 'DNS' && isUnlogged(record) && (
        <p className="record-note">
          <span className="chip">Unlogged</span> These requests were counted and not logged. Nothing but their
          number is known; every total has to include it.
        </p>
      )}
      <div className="record-body">
        {problem && (
          <p className="warn-ink" role="alert">
            The record did not answer: {problem.message}{' '}
            <button type="button" className="button small" onClick={retry}>
              Try again
            </button>
          </p>
        )}
        {!problem && !current && <div className="skeleton" style={{ height: 240 }} />}
        {current && !record && <p className="t2">This record is no longer kept, or not yours to see.</p>}
        {record && view === 'Structured' && fields && (
          <Structured record={record} fields={fields} actions={actions} />
        )}
        {record && view === 'Policies' && kind === 'FLOWS' && <Decided flow={record.id} />}
        {record && view === 'JSON' && <RawLine raw={record.raw} actions={actions} />}
        {record && view === 'Linked' && <Linked kind={kind} record={record} />}
      </div>
    </aside>
  );
}
