import { MEASURES, type Measure } from './traffic';

/** What is written at edges: nothing, a rate of their counters, or a figure that logs tell. */
export const MEASURED = ['rtt', 'retransmissions', 'dns', 'dns-failures', 'http'] as const;
export type Measured = (typeof MEASURED)[number];
export const LABELS = ['off', ...MEASURES, ...MEASURED] as const;
export type Label = 'off' | Measure | Measured;

export const LABEL_WORDS: Record<Label, string> = {
  off: 'Off',
  connections: 'Connections',
  bytes: 'Bytes',
  packets: 'Packets',
  rtt: 'Round-trip time',
  retransmissions: 'Retransmissions',
  dns: 'DNS latency',
  'dns-failures': 'DNS failures',
  http: 'HTTP errors',
};

export const isMeasured = (label: Label | null): label is Measured =>
  (MEASURED as readonly (string | null)[]).includes(label);
