import type { CapturedEnd, Conversation, RunningCapture, SummaryRow } from '../api/captures';
import { plainName, visible } from '../domain/names';
import { exact, plural } from '../domain/units';

export const STATES = {
  PENDING: 'Not begun',
  SCHEDULED: 'Scheduled',
  WAITING: 'Waits for packets',
  CAPTURING: 'Capturing',
  FINISHED: 'Finished',
  ERROR: 'Failed',
} as const satisfies Record<RunningCapture['state'], string>;

/** Who stands at an end, else its address. */
export function endWords({ address, namespace, name, service }: CapturedEnd): string {
  if (!name) return visible(address);
  return `${visible(namespace ?? '')}/${service ? visible(name) : plainName(name)}`;
}

const times = (count: number): string => (count === 1 ? '' : ` ${exact(count)} times`);

/** What went wrong in a conversation, the gravest first; what happened where nothing did. */
export function troubleWords(one: Conversation): string[] {
  const words: string[] = [];
  if (one.unanswered && one.troubled) words.push('No answer');
  if (one.serverResets) words.push(`Reset by the server${times(one.serverResets)}`);
  if (one.clientResets) words.push(`Reset by the client${times(one.clientResets)}`);
  if (one.retransmissions) words.push(`${plural(one.retransmissions, 'segment')} sent again`);
  if (words.length) return words;
  if (one.protocol !== 'tcp') return [one.unanswered ? 'One way' : 'Answered'];
  if (one.opens && one.closes >= one.opens) return ['Opened and closed'];
  return [one.opens ? 'Opened' : 'Under way'];
}

/** Whether a file says where it was captured from: of which cluster its list is. */
export const summaryWords = (row: SummaryRow): string =>
  `${plural(Number(row.packets), 'packet')}, ${plural(row.conversationsSeen, 'conversation')}`;

export const filterWords = (capture: RunningCapture): string => capture.filters.join(' or ') || 'all packets';
