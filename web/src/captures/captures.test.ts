import { expect, it } from 'vitest';
import type { Conversation } from '../api/captures';
import { EMPTY, inputOf, portsOf } from './order';
import { endWords, troubleWords } from './words';

const END = { address: '10.0.0.1', port: 80, namespace: null, name: null, service: false };
const ONE: Conversation = {
  protocol: 'tcp',
  opened: true,
  packetsOut: '1',
  packetsIn: '1',
  bytesOut: '40',
  bytesIn: '40',
  first: '2026-11-23T14:00:00Z',
  last: '2026-11-23T14:00:01Z',
  opens: 1,
  closes: 1,
  clientResets: 0,
  serverResets: 0,
  retransmissions: 0,
  unanswered: false,
  troubled: false,
  serverName: null,
  names: [],
  client: END,
  server: END,
  flows: { records: 0, allowed: 0, denied: 0, basis: null, filter: '' },
};

it('asks for one filter, or for none where nothing is filled in', () => {
  expect(inputOf('n', EMPTY)).toEqual({ target: 'n', filters: [], end: 'now+10m' });
  const order = { ...EMPTY, protocol: 'TCP', ports: ' 80, 8080:8090 443', minutes: 5 };
  expect(inputOf('n', order).filters).toEqual([{ protocol: 'TCP', ports: ['80', '8080:8090', '443'] }]);
  expect(inputOf('n', { ...EMPTY, ports: '53' }).filters).toEqual([{ protocol: null, ports: ['53'] }]);
  expect(inputOf('n', { ...order, protocol: 'ICMP' }).filters).toEqual([{ protocol: 'ICMP', ports: [] }]);
  expect(portsOf(' , ')).toEqual([]);
});

it('begins at a time in UTC and ends so much later; what is no time goes to the server as it is', () => {
  const order = { ...EMPTY, minutes: 5, at: '2026-11-23T14:00' };
  expect(inputOf('n', order)).toMatchObject({
    start: '2026-11-23T14:00:00.000Z',
    end: '2026-11-23T14:05:00.000Z',
  });
  expect(inputOf('n', { ...order, at: 'soon' })).toEqual({ target: 'n', filters: [], start: 'soon' });
});

it('names the gravest trouble first, and what happened where there was none', () => {
  expect(troubleWords(ONE)).toEqual(['Opened and closed']);
  expect(troubleWords({ ...ONE, closes: 0 })).toEqual(['Opened']);
  expect(troubleWords({ ...ONE, opens: 0 })).toEqual(['Under way']);
  const silent = { ...ONE, unanswered: true, troubled: true, retransmissions: 2 };
  expect(troubleWords(silent)).toEqual(['No answer', '2 segments sent again']);
  expect(troubleWords({ ...ONE, troubled: true, serverResets: 1, clientResets: 3 })).toEqual([
    'Reset by the server',
    'Reset by the client 3 times',
  ]);
  expect(troubleWords({ ...ONE, protocol: 'icmp', unanswered: true })).toEqual(['One way']);
});

it('calls an end by who has its address, where manifests tell', () => {
  expect(endWords(END)).toBe('10.0.0.1');
  expect(endWords({ ...END, namespace: 'shop', name: 'web-*' })).toBe('shop/web');
  expect(endWords({ ...END, namespace: 'shop', name: 'db', service: true })).toBe('shop/db');
});
