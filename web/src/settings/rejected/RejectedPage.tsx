import './rejected.css';
import { IconX } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { KeptPage } from '../../alerts/kept/KeptPage';
import { type Column, KeptTable } from '../../alerts/kept/KeptTable';
import type { RejectedLine } from '../../api/rejected';
import { KINDS, type LogKind } from '../../domain/log-kinds';
import { visible } from '../../domain/names';
import { isLive, resolveRange } from '../../domain/time';
import { plural } from '../../domain/units';
import { dated } from '../../logs/format';
import { useUrlState } from '../../shell/use-url-state';
import { LinePane } from './LinePane';
import { named, withValue } from './narrowed';
import { useRejected } from './use-rejected';

const SLUGS = Object.values(KINDS);
const START = 80;

/** What could not be read, line by line, with the reason of each: nothing that arrives is dropped unseen. */
export function RejectedPage() {
  const [state, update] = useUrlState();
  const { values } = state;
  const kind = SLUGS.find(({ slug }) => slug === named(values, 'kind'))?.kind ?? null;
  const source = named(values, 'source');
  const range = useMemo(() => ({ from: state.from, to: state.to }), [state.from, state.to]);
  const { lines, total, problem, retry, more, fetching } = useRejected(range, state.cluster, kind, source);
  const [open, setOpen] = useState<string | null>(null);
  const chosen = lines?.find(({ id }) => id === open) ?? null;
  const narrow = (name: string, value: string | null) =>
    update({ values: withValue(values, name, value) }, { replace: true });
  const rows = useMemo(() => (lines ?? []).map((line) => ({ ...line, title: line.reason })), [lines]);
  const limited = Boolean(kind || source || state.cluster);
  return (
    <KeptPage
      many="rejected lines"
      back={null}
      problem={problem}
      waiting={!lines}
      retry={retry}
      said={lines ? `${plural(total, 'rejected line')}${narrowed(kind, source)}` : ''}
      problems={[]}
      onRead={() => undefined}
      find={
        <>
          <select
            className="text-field rejected-kind"
            aria-label="Sent as"
            value={kind ? KINDS[kind].slug : ''}
            onChange={(event) => narrow('kind', event.target.value || null)}
            data-testid="rejected-kind"
          >
            <option value="">Sent as anything</option>
            {SLUGS.map(({ slug, label }) => (
              <option key={slug} value={slug}>
                {label}
              </option>
            ))}
          </select>
          {source !== null && (
            <button
              type="button"
              className="chip brand"
              onClick={() => narrow('source', null)}
              data-testid="rejected-source"
              title="Lines of every source"
            >
              {visible(source)}
              <IconX size={12} stroke={2} aria-hidden />
            </button>
          )}
        </>
      }
      pane={
        chosen && (
          <LinePane
            line={chosen}
            onSource={source === null ? () => narrow('source', chosen.source) : null}
            onClose={() => setOpen(null)}
          />
        )
      }
    >
      {rows.length > 0 && (
        <KeptTable
          one="rejected-line"
          label="Rejected lines"
          head="Reason"
          rows={rows}
          columns={COLUMNS}
          chosen={open}
          onChoose={({ id }) => setOpen(id === open ? null : id)}
        />
      )}
      {more && (
        <button
          type="button"
          className="button rejected-more"
          onClick={more}
          disabled={fetching}
          data-testid="rejected-more"
        >
          {fetching ? 'Loading' : `Show more, ${rows.length} of ${total}`}
        </button>
      )}
      {lines?.length === 0 && (
        <div className="notice" data-testid="none-rejected">
          <p className="notice-title">
            {limited
              ? 'No such line was rejected in this range.'
              : 'Every line that arrived in this range was read.'}
          </p>
          <p>
            Lines are found by when they arrived
            {isLive(range) ? '' : `, until ${dated(new Date(resolveRange(range, 0).to).toISOString())}`}.
          </p>
          {limited && (
            <button type="button" className="button" onClick={() => update({ values: [], cluster: null })}>
              Look everywhere
            </button>
          )}
        </div>
      )}
    </KeptPage>
  );
}

const narrowed = (kind: LogKind | null, source: string | null) =>
  `${kind ? ` sent as ${KINDS[kind].many}` : ''}${source === null ? '' : ' from one source'}`;

type Row = RejectedLine & { title: string };

const COLUMNS: Column<Row>[] = [
  { head: 'Arrived', tone: () => 'mono', cell: ({ receivedAt }) => dated(receivedAt) },
  { head: 'Cluster', cell: ({ cluster }) => visible(cluster) },
  {
    head: 'Sent as',
    tone: () => 't2',
    cell: ({ kind }) => (kind ? (KINDS[kind as LogKind]?.label ?? kind) : ''),
  },
  { head: 'Source', className: 'wide-only', tone: () => 't2', cell: ({ source }) => visible(source) },
  { head: 'Line', className: 'num', cell: ({ lineNumber }) => lineNumber + 1 },
  {
    head: 'It begins',
    className: 'wide-only',
    tone: () => 'mono t2',
    cell: ({ line }) => <span className="rejected-start">{visible(line.slice(0, START))}</span>,
  },
];
