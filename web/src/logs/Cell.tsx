import { IconAlertTriangle, IconBan, IconCheck, IconEyeOff, IconPlugConnectedX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { SeverityGlyph } from '../alerts/SeverityGlyph';
import type { FlowRow } from '../api/flows';
import type { LogKind } from '../domain/log-kinds';
import { displayName, inNamespace, plainName, visible } from '../domain/names';
import { firstOf, isUnlogged, type LogRecord, sampledOneIn, textOf, valuesOf } from '../domain/record';
import { severityOf, severityWord } from '../domain/severity';
import { BytesIn, DecidedBy, IdentityCell, REPORTER_WORDS } from '../logs-dock/columns';
import { VerdictPill } from '../logs-dock/VerdictPill';
import type { Column } from './columns';
import { dated, shownValue } from './format';

interface Props {
  kind: LogKind;
  column: Column;
  record: LogRecord;
}

/** A value in the table: by glyph, form and word where it tells an outcome, as text otherwise. */
export function Cell(props: Props): ReactNode {
  const { kind, column, record } = props;
  const special = SPECIAL[`${kind} ${column.id}`] ?? SPECIAL[column.id];
  const told = special?.(record);
  if (told !== undefined) return told;
  if (column.type === 'composite') return <Place column={column} record={record} />;
  const [first, ...rest] = valuesOf(record, column.id);
  if (first === undefined) return null;
  const text = shownValue(record, column.id, column.type, first);
  const estimate = text.startsWith('~') ? `Estimate, sampled 1 in ${sampledOneIn(record)}` : null;
  const title = estimate ?? (column.type === 'date' ? dated(String(first)) : text);
  return (
    <span className={MONO.has(column.type) ? 'mono' : undefined} title={title}>
      {text}
      {rest.length > 0 && <span className="t3"> +{rest.length}</span>}
    </span>
  );
}

const MONO = new Set(['keyword', 'ip', 'date', 'long', 'boolean', 'nested']);

/** A namespace and a name, or the address where that is all that is known. */
function Place({ column, record }: { column: Column; record: LogRecord }) {
  const [namespaceField, ...nameFields] = column.fields;
  const namespace = namespaceField && nameFields.length ? textOf(record, namespaceField) : null;
  const named = nameFields.length ? nameFields : column.fields;
  const name = named.map((field) => textOf(record, field)).find((text) => text !== null);
  const more = nameFields.length ? 0 : valuesOf(record, column.fields[0] ?? '').length - 1;
  if (name === null || name === undefined)
    return namespace ? <span className="mono t3">{visible(namespace)}</span> : null;
  return (
    <span className="mono" title={inNamespace(namespace, visible(name))}>
      {namespace && <span className="t3">{visible(namespace)}/</span>}
      {namespace ? plainName(name) : displayName('NETWORK', name)}
      {more > 0 && <span className="t3"> +{more}</span>}
    </span>
  );
}

const flow = (record: LogRecord) => record as unknown as FlowRow;

type Teller = (record: LogRecord) => ReactNode | undefined;

const SPECIAL: Partial<Record<string, Teller>> = {
  'FLOWS @source': (record) => <IdentityCell row={flow(record)} side="source" />,
  'FLOWS @dest': (record) => <IdentityCell row={flow(record)} side="dest" />,
  'FLOWS @decided': (record) => <DecidedBy row={flow(record)} />,
  'FLOWS bytes_in': (record) =>
    sampledOneIn(record) || record.bytesIn === null ? undefined : <BytesIn row={flow(record)} />,
  'FLOWS reporter': (record) => (
    <span title={REPORTER_WORDS[flow(record).reporter]}>{textOf(record, 'reporter')}</span>
  ),
  action: (record) => {
    const action = textOf(record, 'action');
    if (action !== 'allow' && action !== 'deny') return undefined;
    return <VerdictPill verdict={action === 'deny' ? 'denied' : 'allowed'} />;
  },
  rcode: (record) => {
    if (isUnlogged(record))
      return (
        <span
          className="pill pass"
          title="These requests were counted and not logged: add their count to every total."
        >
          <IconEyeOff size={12} stroke={2} aria-hidden />
          Unlogged
        </span>
      );
    const code = textOf(record, 'rcode');
    return code === null ? undefined : (
      <Outcome good={/^noerror$/i.test(code)} warn={/^nxdomain$/i.test(code)} word={code} />
    );
  },
  response_code: (record) => httpOutcome(textOf(record, 'response_code')),
  'responseStatus.code': (record) => httpOutcome(textOf(record, 'responseStatus.code')),
  severity: (record) => {
    const points = firstOf(record, 'severity');
    if (points === null) return undefined;
    const level = severityOf(Number(points));
    return (
      <span className="severity-cell">
        <SeverityGlyph level={level} size={14} />
        {severityWord(level)} <span className="t3 num">{points}</span>
      </span>
    );
  },
  'BGP state': (record) => {
    const state = textOf(record, 'state');
    if (state === null) return undefined;
    const up = /^(established|up)$/i.test(state);
    return (
      <span className={`pill ${up ? 'allowed' : 'denied'}`}>
        {up ? (
          <IconCheck size={12} stroke={2.6} aria-hidden />
        ) : (
          <IconPlugConnectedX size={12} stroke={2} aria-hidden />
        )}
        {visible(state)}
      </span>
    );
  },
};

function httpOutcome(code: string | null): ReactNode | undefined {
  if (code === null || !/^\d{3}$/.test(code)) return undefined;
  return <Outcome good={code < '400'} warn={code < '500'} word={code} />;
}

function Outcome({ good, warn = false, word }: { good: boolean; warn?: boolean; word: string }) {
  const Glyph = good ? IconCheck : warn ? IconAlertTriangle : IconBan;
  return (
    <span className={`pill ${good ? 'allowed' : warn ? 'warned' : 'denied'}`}>
      <Glyph size={12} stroke={2.2} aria-hidden />
      {visible(word)}
    </span>
  );
}
