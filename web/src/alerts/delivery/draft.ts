/** A target as it is typed: text in fields, and the document that they make. */
import type { ReceiverKind } from '../../api/delivery';

export interface Part {
  name: string;
  label: string;
  /** Shown as a mask once it is saved, which keeps it. */
  secret?: true;
  optional?: true;
  number?: true;
  choices?: readonly string[];
  initial?: string;
  hint?: string;
}

export interface Draft {
  title: string;
  enabled: boolean;
  filter: string;
  clusters: string;
  minimumSeverity: string;
  kind: ReceiverKind;
  parts: Readonly<Record<string, string>>;
}

export const KIND_WORDS: Record<ReceiverKind, string> = {
  WEBHOOK: 'Webhook',
  SLACK: 'Slack',
  JIRA: 'Jira',
  ALERTMANAGER: 'Alertmanager',
  SYSLOG: 'Syslog (CEF)',
};
export const RECEIVERS = Object.keys(KIND_WORDS) as ReceiverKind[];

const SECRET: Part = { name: 'secret', label: 'Secret', secret: true };
const URL_PART: Part = { name: 'url', label: 'Address' };
const USER: Part = { name: 'user', label: 'User', optional: true };

export const PARTS: Record<ReceiverKind, readonly Part[]> = {
  WEBHOOK: [
    URL_PART,
    { name: 'header', label: 'Header', initial: 'Authorization' },
    { ...SECRET, label: 'Value of the header', optional: true, hint: 'Such as Bearer and a token.' },
  ],
  SLACK: [{ ...URL_PART, label: 'Address of the incoming webhook', secret: true }],
  JIRA: [
    URL_PART,
    { name: 'project', label: 'Key of the project' },
    { name: 'issueType', label: 'Type of issue', initial: 'Task' },
    USER,
    { ...SECRET, label: 'Token', hint: 'An API token of the user; without one, a personal access token.' },
  ],
  ALERTMANAGER: [
    URL_PART,
    USER,
    {
      ...SECRET,
      label: 'Password or token',
      optional: true,
      hint: 'Of the user; without one, a bearer token.',
    },
  ],
  SYSLOG: [
    { name: 'host', label: 'Host' },
    { name: 'port', label: 'Port', number: true, initial: '514' },
    {
      name: 'transport',
      label: 'Transport',
      choices: ['tcp', 'tls', 'udp'],
      initial: 'tcp',
      hint: 'UDP tells nobody whether it arrived.',
    },
  ],
};

export const EMPTY: Draft = {
  title: '',
  enabled: true,
  filter: '',
  clusters: '',
  minimumSeverity: '40',
  kind: 'WEBHOOK',
  parts: {},
};

interface Kept {
  title: string;
  enabled: boolean;
  filter: string;
  clusters: string[] | null;
  minimumSeverity: number;
  receiver: Readonly<Record<string, unknown>> & { kind: string };
}

export function draftOf(document: unknown): Draft {
  const { title, enabled, filter, clusters, minimumSeverity, receiver } = document as Kept;
  const { kind, ...parts } = receiver;
  return {
    title,
    enabled,
    filter,
    clusters: (clusters ?? []).join(', '),
    minimumSeverity: String(minimumSeverity),
    kind: kind.toUpperCase() as ReceiverKind,
    parts: Object.fromEntries(
      Object.entries(parts).flatMap(([name, value]) => (value === null ? [] : [[name, String(value)]])),
    ),
  };
}

export const partOf = (draft: Draft, part: Part): string => draft.parts[part.name] ?? part.initial ?? '';

/** What is left empty is left out, so that the server says what it needs. */
export function documentOf(draft: Draft): unknown {
  const clusters = draft.clusters.split(/[\s,]+/).filter(Boolean);
  const receiver: Record<string, unknown> = { kind: draft.kind.toLowerCase() };
  for (const part of PARTS[draft.kind]) {
    const text = partOf(draft, part).trim();
    if (text) receiver[part.name] = part.number ? Number(text) : text;
  }
  return {
    format: 1,
    title: draft.title.trim(),
    enabled: draft.enabled,
    filter: draft.filter.trim(),
    clusters: clusters.length ? clusters : null,
    minimumSeverity: Number(draft.minimumSeverity),
    receiver,
  };
}
