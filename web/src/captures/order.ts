import type { PacketCaptureInput } from '../gql/graphql';

export const PROTOCOLS = ['', 'TCP', 'UDP', 'ICMP', 'ICMPv6', 'SCTP'] as const;
export const MINUTES = [1, 5, 10, 30, 60] as const;

/** What is filled in: one filter, and for how long. `at` is empty for at once, else a time point. */
export interface Order {
  protocol: string;
  ports: string;
  minutes: number;
  at: string;
}

export const EMPTY: Order = { protocol: '', ports: '', minutes: 10, at: '' };
const PORTLESS = new Set(['ICMP', 'ICMPv6']);

export const hasPorts = (order: Order): boolean => !PORTLESS.has(order.protocol);

/** Of what packets are captured: of pods, by themselves or by their namespace. */
export const canCapture = ({ kind }: { kind: string }): boolean =>
  kind === 'WORKLOAD' || kind === 'NAMESPACE';

/** Ports with commas or blanks between; a range is one of them. */
export const portsOf = (text: string): string[] => text.split(/[\s,;]+/).filter(Boolean);

const MINUTE = 60_000;

/** The order as the API takes it. The server judges what is written. */
export function inputOf(target: string, order: Order): PacketCaptureInput {
  const ports = hasPorts(order) ? portsOf(order.ports) : [];
  const filters = order.protocol || ports.length ? [{ protocol: order.protocol || null, ports }] : [];
  const at = order.at.trim();
  const begin = at ? Date.parse(/(Z|[+-]\d{2}:?\d{2})$/.test(at) ? at : `${at}Z`) : null;
  if (begin === null) return { target, filters, end: `now+${order.minutes}m` };
  if (Number.isNaN(begin)) return { target, filters, start: at };
  return {
    target,
    filters,
    start: new Date(begin).toISOString(),
    end: new Date(begin + order.minutes * MINUTE).toISOString(),
  };
}
