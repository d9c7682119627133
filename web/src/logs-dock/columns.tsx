import './dock.css';
import { IconAlertTriangle, IconShieldCheck, IconShieldX } from '@tabler/icons-react';
import { createColumnHelper, tableFeatures } from '@tanstack/react-table';
import type { FlowHit, FlowRow } from '../api/flows';
import { displayName, inNamespace, isSentinel, middle, plainName, visible } from '../domain/names';
import { bytes, clockMillis, exact } from '../domain/units';
import { ruleWord } from '../graph/panel/sentence';
import { VerdictPill } from './VerdictPill';

export const features = tableFeatures({});
const helper = createColumnHelper<typeof features, FlowRow>();

const known = (value: string | null | undefined): string | null =>
  !value || isSentinel(value) ? null : value;
const REPORTERS = { SRC: 'src', DST: 'dst', FWD: 'fwd' } as const;
export const REPORTER_WORDS = {
  SRC: 'Reported by the source',
  DST: 'Reported by the destination',
  FWD: 'Reported by a forwarding host',
} as const;

interface Identity {
  namespace: string | null;
  name: string;
  full: string;
}

export function identity(row: FlowRow, side: 'source' | 'dest'): Identity {
  const namespace = known(side === 'source' ? row.sourceNamespace : row.destNamespace);
  const pod = known(side === 'source' ? row.sourceName : row.destName);
  const aggregate = known(side === 'source' ? row.sourceNameAggr : row.destNameAggr);
  const type = side === 'source' ? row.sourceType : row.destType;
  const domain = side === 'dest' ? known(row.destDomains?.[0]) : null;
  if (type === 'net' && domain) return { namespace: null, name: visible(domain), full: visible(domain) };
  const ip = side === 'source' ? row.sourceIp : row.destIp;
  const plain = pod ? visible(pod) : aggregate ? plainName(aggregate) : null;
  const name =
    type === 'net' ? displayName('NETWORK', aggregate ?? 'unknown') : (plain ?? ip ?? 'outside cluster');
  return { namespace, name, full: inNamespace(namespace, name) + (ip ? ` (${ip})` : '') };
}

export function IdentityCell({ row, side }: { row: FlowRow; side: 'source' | 'dest' }) {
  const { namespace, name, full } = identity(row, side);
  return (
    <span className="mono" title={full}>
      {namespace && <span className="t3">{visible(namespace)}/</span>}
      {middle(name, 34)}
    </span>
  );
}

/** The hit that settled the flow: the first that allows or denies. */
export function decided(hits: readonly FlowHit[]): FlowHit | null {
  const enforced = hits
    .filter((hit) => hit.set === 'ENFORCED' && !hit.staged)
    .sort((a, b) => a.index - b.index);
  return enforced.find((hit) => hit.action !== 'PASS') ?? enforced.at(-1) ?? null;
}

export function DecidedBy({ row }: { row: FlowRow }) {
  const hit = decided(row.policyHits);
  if (!hit) return <span className="t3">not named</span>;
  const Icon = hit.action === 'DENY' ? IconShieldX : IconShieldCheck;
  const profile = hit.tier === '__PROFILE__' || (!hit.tier && hit.name.startsWith('kns.'));
  return (
    <span className="decided">
      <Icon size={13} stroke={1.75} className={hit.action === 'DENY' ? 'deny-ink' : 't3'} aria-hidden />
      {profile ? (
        <span className="t3">no policy selects it</span>
      ) : (
        <>
          {hit.tier && <span className="t3">{visible(hit.tier)}.</span>}
          {visible(hit.name)} <span className="t3">{ruleWord(hit)}</span>
        </>
      )}
    </span>
  );
}

const volume = (value: string | null | undefined) =>
  value === null || value === undefined ? 'none' : bytes(Number(value));

export const columns = helper.columns([
  helper.accessor('startTime', {
    header: 'Time',
    cell: (info) => <span className="figure">{clockMillis(Date.parse(info.getValue()))}</span>,
  }),
  helper.accessor('action', {
    header: 'Verdict',
    cell: (info) => <VerdictPill verdict={info.getValue() === 'DENY' ? 'denied' : 'allowed'} />,
  }),
  helper.accessor('reporter', {
    header: 'Reporter',
    cell: (info) => <span title={REPORTER_WORDS[info.getValue()]}>{REPORTERS[info.getValue()]}</span>,
  }),
  helper.display({
    id: 'source',
    header: 'Source',
    cell: (info) => <IdentityCell row={info.row.original} side="source" />,
  }),
  helper.display({
    id: 'dest',
    header: 'Destination',
    cell: (info) => <IdentityCell row={info.row.original} side="dest" />,
  }),
  helper.display({
    id: 'port',
    header: 'Port',
    cell: ({ row }) => (
      <>
        <span className="t3">{row.original.proto} </span>
        {row.original.destPort ?? 'several'}
      </>
    ),
  }),
  helper.accessor('numFlowsStarted', {
    header: 'Conn',
    cell: (info) => (info.getValue() === null ? 'none' : exact(info.getValue())),
  }),
  helper.accessor('bytesOut', { header: 'Out', cell: (info) => volume(info.getValue()) }),
  helper.accessor('bytesIn', { header: 'In', cell: ({ row }) => <BytesIn row={row.original} /> }),
  helper.display({
    id: 'decided',
    header: 'Decided by',
    cell: (info) => <DecidedBy row={info.row.original} />,
  }),
  helper.accessor('processName', {
    header: 'Process',
    cell: (info) => <span className="mono t2">{visible(known(info.getValue()) ?? '')}</span>,
  }),
]);

export const NUMBERS = new Set(['port', 'numFlowsStarted', 'bytesOut', 'bytesIn']);

/** An allowed source row that never got a byte back is worth a look. */
export function BytesIn({ row }: { row: FlowRow }) {
  const silent =
    row.action === 'ALLOW' && row.reporter === 'SRC' && row.bytesIn === '0' && Number(row.bytesOut ?? 0) > 0;
  return (
    <>
      {silent && (
        <IconAlertTriangle
          size={13}
          stroke={2}
          className="warn-ink inline-glyph"
          role="img"
          aria-label="No reply came back"
        />
      )}
      {volume(row.bytesIn)}
    </>
  );
}
