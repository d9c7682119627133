import type { KindInfo } from '../domain/log-kinds';
import type { FieldsQuery } from '../gql/graphql';
import { COMPOSITES } from './composites';

/** The columns of the table: a stored field each, or several of them told as one. */
export type Field = FieldsQuery['fields'][number];

export interface Column {
  id: string;
  title: string;
  /** The stored fields that it tells, for the export and for filters. */
  fields: readonly string[];
  type: string;
  width: number;
  right: boolean;
  /** The field that it can be ordered by; null where there are several, or several values. */
  order: string | null;
}

export const NARROWEST = 48;
export const WIDEST = 800;

const WIDTHS: Record<string, number> = {
  start_time: 114,
  requestReceivedTimestamp: 114,
  logtime: 114,
  time: 114,
  action: 96,
  reporter: 72,
  dest_port: 60,
  num_flows_started: 62,
  bytes_in: 74,
  bytes_out: 74,
  process_name: 112,
  rcode: 108,
  qname: 226,
  qtype: 60,
  count: 74,
  url: 236,
  method: 72,
  response_code: 80,
  verb: 80,
  severity: 104,
  title: 320,
  message: 420,
  state: 118,
  event: 92,
};

const TITLES: Record<string, string> = {
  start_time: 'Time',
  requestReceivedTimestamp: 'Time',
  logtime: 'Time',
  time: 'Time',
  action: 'Action',
  reporter: 'Reporter',
  dest_port: 'Port',
  num_flows_started: 'Conn',
  bytes_in: 'In',
  bytes_out: 'Out',
  process_name: 'Process',
  rcode: 'Response',
  qname: 'Name',
  qtype: 'Type',
  count: 'Requests',
  latency_mean: 'Latency',
  latency_max: 'Max latency',
  duration_mean: 'Duration',
  duration_max: 'Max duration',
  response_code: 'Code',
  method: 'Method',
  url: 'URL',
  verb: 'Verb',
  'objectRef.resource': 'Resource',
  'user.username': 'User',
  'responseStatus.code': 'Code',
  sourceIPs: 'From',
  stage: 'Stage',
  state: 'State',
  event: 'Event',
  peer: 'Peer',
  peer_ip: 'Peer address',
  host: 'Node',
  reason: 'Reason',
  message: 'Line',
  severity: 'Severity',
  title: 'Event',
  rule: 'Rule',
  origin: 'Origin',
  status: 'Status',
  proto: 'Protocol',
};

/** What the address asks for, as columns; fields that the kind does not have fall out. */
export function readColumns(
  asked: readonly string[],
  info: KindInfo,
  fields: readonly Field[] | null,
): Column[] {
  const known = fields && new Map(fields.map((field) => [field.name, field]));
  const named = asked.length ? asked : info.columns;
  return named.flatMap((text) => {
    const [, id = '', width] = /^(.*?)(?::(\d+))?$/.exec(text) ?? [];
    const composite = COMPOSITES[info.kind][id];
    const field = known?.get(id);
    if (!composite && known && !field) return [];
    const number = field?.type === 'long';
    return [
      {
        id,
        title: composite?.title ?? TITLES[id] ?? id,
        fields: composite?.fields ?? [id],
        type: composite ? 'composite' : (field?.type ?? 'keyword'),
        width: clamp(Number(width) || (composite?.width ?? WIDTHS[id] ?? (number ? 96 : 140))),
        right: number && id !== 'severity',
        order: composite ? composite.order : field && inList(field) ? null : id,
      },
    ];
  });
}

/** Whether a record may have several of it, by itself or as a part of several objects. */
const inList = (field: Field) =>
  field.multi || field.type === 'nested' || /^(policy_hits|policies|rrsets|servers)\./.test(field.name);

const clamp = (width: number) => Math.round(Math.min(WIDEST, Math.max(NARROWEST, width)));

/** As the address writes them: nothing where they are the kind's own. */
export function writeColumns(columns: readonly Column[], info: KindInfo): string[] {
  const usual = new Map(readColumns([], info, null).map((column) => [column.id, column.width]));
  const texts = columns.map(({ id, width }) =>
    width === (usual.get(id) ?? WIDTHS[id] ?? null) ? id : `${id}:${width}`,
  );
  return texts.join() === info.columns.join() ? [] : texts;
}

export function moved(columns: readonly Column[], id: string, to: number): Column[] {
  const column = columns.find((each) => each.id === id);
  if (!column) return [...columns];
  const rest = columns.filter((each) => each !== column);
  const place = Math.max(0, Math.min(rest.length, to));
  return [...rest.slice(0, place), column, ...rest.slice(place)];
}

export const resized = (columns: readonly Column[], id: string, width: number): Column[] =>
  columns.map((column) => (column.id === id ? { ...column, width: clamp(width) } : column));

/** The order that a press on a head asks for: largest first, then smallest first, then the newest again. */
export function nextSort(sort: string | null, field: string): string | null {
  if (sort === `-${field}`) return field;
  return sort === field ? null : `-${field}`;
}

export interface Order {
  field: string;
  direction: 'ASC' | 'DESC';
}

export function readSort(sort: string | null): Order | null {
  if (!sort) return null;
  return sort.startsWith('-')
    ? { field: sort.slice(1), direction: 'DESC' }
    : { field: sort, direction: 'ASC' };
}
