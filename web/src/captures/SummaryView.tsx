import { IconAlertTriangle, IconArrowRight, IconChevronLeft } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { type CapturedEnd, CaptureSummaryDocument, type Conversation, type Summary } from '../api/captures';
import { useAsk } from '../api/use-ask';
import { visible } from '../domain/names';
import { bytes, clockMillis, exact, plural, span } from '../domain/units';
import { encode, type UrlState } from '../domain/url-state';
import { VerdictPill } from '../logs-dock/VerdictPill';
import { endWords, troubleWords } from './words';

interface Props {
  id: string;
  state: UrlState;
  onBack: () => void;
}

/** One file: what its conversations are, what went wrong in them, and which recorded flows they belong to. */
export function SummaryView({ id, state, onBack }: Props) {
  const { data, current, problem, retry } = useAsk(CaptureSummaryDocument, { id });
  const summary = current ? data?.captureSummary : null;
  return (
    <>
      <p className="capture-head">
        <button type="button" className="button small quiet" onClick={onBack} data-testid="capture-back">
          <IconChevronLeft size={14} stroke={1.75} aria-hidden />
          Captures
        </button>
        {summary && <Head summary={summary} />}
      </p>
      {problem && (
        <p className="dock-note warn-ink" role="alert">
          The summary did not answer: {visible(problem.message)}{' '}
          <button type="button" className="button small" onClick={retry}>
            Try again
          </button>
        </p>
      )}
      {current && data && !data.captureSummary && (
        <p className="dock-note t2">There is no such summary any more, or it is not shared with you.</p>
      )}
      {!current && !problem && <div className="skeleton capture-skeleton" />}
      {summary && (
        <div className="dock-table">
          <div className="table-scroll">
            <Lookups summary={summary} />
            <Conversations summary={summary} state={state} />
          </div>
        </div>
      )}
    </>
  );
}

function Head({ summary }: { summary: Summary }) {
  const { file, cluster, packets, range, conversationsSeen, conversations } = summary;
  const odd = [
    [summary.unreadable, 'unreadable'],
    [summary.foreign, 'not IP'],
    [summary.beyond, 'beyond what is told apart'],
  ].filter(([count]) => count !== '0');
  const shown = conversations.nodes.length;
  return (
    <>
      <strong className="cut">{visible(file)}</strong>
      <span className="t3">
        {visible(cluster)}, {plural(Number(packets), 'packet')} in{' '}
        {span(Date.parse(range.to) - Date.parse(range.from))}
        {odd.map(([count, word]) => `, ${exact(count)} ${word}`)}
      </span>
      <span className="top-space" />
      <span className="t3 small-text wide-only">
        {shown < conversationsSeen && `${exact(shown)} of ${exact(conversationsSeen)} conversations. `}
        Troubled first, then the largest
      </span>
    </>
  );
}

/** Names that were asked for in vain stand out; the others are told along. */
function Lookups({ summary }: { summary: Summary }) {
  if (!summary.lookups.length) return null;
  return (
    <p className="capture-lookups" data-testid="capture-lookups">
      <span className="t3">Asked in DNS</span>
      {summary.lookups.slice(0, 12).map(({ name, type, asked, answered, failed, code }) => (
        <span key={`${name} ${type}`} className={failed ? 'chip warn' : 'chip'}>
          {failed > 0 && <IconAlertTriangle size={12} stroke={2} aria-hidden />}
          <span className="mono">{visible(name)}</span> {type}
          {failed ? ` ${code}` : answered < asked ? ` ${exact(asked - answered)} without answer` : ''}
        </span>
      ))}
      {summary.lookupsSeen > 12 && <span className="t3">and {exact(summary.lookupsSeen - 12)} more</span>}
    </p>
  );
}

function Conversations({ summary, state }: { summary: Summary; state: UrlState }) {
  const { nodes, range, complete } = summary.conversations;
  return (
    <>
      {!complete && (
        <p className="dock-note t2">
          There are more flow records than are compared at once; the newest 10,000 are.
        </p>
      )}
      <table className="table" aria-label="Captured conversations" data-testid="conversation-table">
        <thead>
          <tr>
            <th>Began, UTC</th>
            <th>Client</th>
            <th>Server</th>
            <th className="right">Port</th>
            <th>What happened</th>
            <th className="right">Packets</th>
            <th className="right">Out</th>
            <th className="right">In</th>
            <th>Name asked for</th>
            <th>Recorded flows</th>
          </tr>
        </thead>
        <tbody>
          {nodes.map((each, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the order is the summary's own and never changes
            <tr key={at} data-testid="conversation" data-troubled={each.troubled || undefined}>
              <td className="figure">{clockMillis(Date.parse(each.first))}</td>
              <td>
                <End end={each.client} />
              </td>
              <td>
                <End end={each.server} />
              </td>
              <td className="right figure" title={each.opened ? undefined : 'Nobody was seen opening it'}>
                <span className="t3">{each.protocol} </span>
                {each.server.port ?? ''}
                {!each.opened && each.protocol === 'tcp' && <span className="t3">?</span>}
              </td>
              <td>
                <Happened one={each} />
              </td>
              <td className="right figure">{exact(Number(each.packetsOut) + Number(each.packetsIn))}</td>
              <td className="right figure">{bytes(Number(each.bytesOut))}</td>
              <td className="right figure">{bytes(Number(each.bytesIn))}</td>
              <td className="mono t2">{visible(each.serverName ?? each.names.join(', '))}</td>
              <td>
                <Flows one={each} summary={summary} range={range} state={state} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

function End({ end }: { end: CapturedEnd }) {
  const address = `${visible(end.address)}${end.port === null ? '' : ` port ${end.port}`}`;
  return (
    <span className="mono" title={address}>
      {endWords(end)}
    </span>
  );
}

function Happened({ one }: { one: Conversation }) {
  const words = troubleWords(one).join(', ');
  if (!one.troubled) return <span className="t2">{words}</span>;
  return (
    <span className="warn-ink">
      <IconAlertTriangle size={13} stroke={2} className="inline-glyph" aria-hidden />
      {words}
    </span>
  );
}

interface FlowsProps {
  one: Conversation;
  summary: Summary;
  range: { from: string; to: string };
  state: UrlState;
}

/** What was recorded of it, and the way there. */
function Flows({ one, summary, range, state }: FlowsProps) {
  const { records, allowed, denied, basis, filter } = one.flows;
  if (!records) return <span className="t3">none recorded</span>;
  const verdict = denied ? (allowed ? 'mixed' : 'denied') : 'allowed';
  const to: UrlState = {
    ...state,
    from: range.from,
    to: range.to,
    cluster: summary.cluster,
    namespaces: [],
    query: filter,
    kind: 'FLOWS',
    preset: null,
    record: null,
    sort: null,
    tail: false,
    selection: null,
  };
  return (
    <span className="capture-flows">
      <VerdictPill verdict={verdict} />
      <Link
        to="/logs"
        search={encode(to)}
        className="link"
        title={
          basis === 'WORKLOAD'
            ? 'Matched by workload, port and time: the records leave addresses out'
            : undefined
        }
        data-testid="conversation-flows"
      >
        {plural(records, 'record')}
        {basis === 'WORKLOAD' && <span className="t3"> by workload</span>}
        <IconArrowRight size={13} stroke={1.75} className="inline-glyph" aria-hidden />
      </Link>
    </span>
  );
}
