import { expect, it } from 'vitest';
import { type EdgeDetail, type Policy, verdictSentence } from './sentence';

const traffic = (records: number, connections: number | null = records) => ({
  records: String(records),
  connections: connections === null ? null : String(connections),
  packets: null,
  packetsIn: null,
  packetsOut: null,
  bytesIn: null,
  bytesOut: null,
  bytesToTarget: null,
  bytesToSource: null,
  estimated: false,
});
const policy = (patch: Partial<Policy>): Policy => ({
  set: 'ENFORCED',
  reporter: 'DST',
  tier: 'platform',
  kind: 'NETWORK_POLICY',
  namespace: null,
  name: 'db-isolation',
  action: 'DENY',
  ruleIndex: 3,
  staged: false,
  endOfTier: false,
  records: '9',
  connections: '9',
  ...patch,
});
const edge = (patch: Partial<EdgeDetail>): EdgeDetail =>
  ({
    id: 'e',
    allowed: traffic(0),
    denied: traffic(0),
    reports: [],
    policies: [],
    ports: [],
    processes: [],
    tcp: null,
    ...patch,
  }) as EdgeDetail;

it('says who denied it, where, and that nothing came through', () => {
  const sentence = verdictSentence(
    edge({
      denied: traffic(9, 1284),
      reports: [
        { reporter: 'SRC', allowed: traffic(9), denied: traffic(0) },
        { reporter: 'DST', allowed: traffic(0), denied: traffic(9) },
      ],
      policies: [
        policy({ action: 'ALLOW', reporter: 'SRC', name: 'egress' }),
        policy({}),
        policy({ staged: true, name: 'draft' }),
      ],
    }),
  );
  expect(sentence).toEqual({
    tone: 'denied',
    title: 'Denied at the destination',
    text: '1,284 connections tried, none completed. Denied by db-isolation, rule 3.',
  });
});

it('names the tier where its end decided', () => {
  const { text, tone } = verdictSentence(
    edge({
      allowed: traffic(2, 1),
      denied: traffic(1, 5),
      policies: [policy({ endOfTier: true, ruleIndex: -1 })],
    }),
  );
  expect(tone).toBe('mixed');
  expect(text).toBe('5 connections denied, 1 connection allowed. Denied by the end of tier platform.');
});

it('counts records where the source knows no connections, and tells when one side alone spoke', () => {
  const { text } = verdictSentence(
    edge({
      allowed: traffic(3, null),
      reports: [{ reporter: 'SRC', allowed: traffic(3), denied: traffic(0) }],
    }),
  );
  expect(text).toBe('3 records opened, none denied. Only the source reported it.');
});
