import { describe, expect, it } from 'vitest';
import type { Alert } from '../domain/alert';
import type { GraphNode } from '../domain/graph';
import { excepted, exceptionOf, exceptionOfRecord, fieldsOf } from './exception';

const node = (kind: GraphNode['kind'], name: string, namespace: string | null): GraphNode => ({
  id: name,
  kind,
  name,
  namespace,
  cluster: 'east',
  parentId: null,
  members: null,
});
const alert = (rest: Partial<Alert>): Alert =>
  ({
    source: node('WORKLOAD', 'web-*', 'shop'),
    target: node('FQDN', 'x.example', null),
    port: 443,
    ...rest,
  }) as Alert;

describe('an exception of an alert', () => {
  it('names its ends and port', () => {
    expect(exceptionOf(alert({}), 'FLOWS')).toBe(
      'source_namespace : "shop" and source_name_aggr : "web-*" and dest_domain : "x.example" and dest_port : 443',
    );
    expect(exceptionOf(alert({ target: null, port: null }), 'FLOWS')).toBe(
      'source_namespace : "shop" and source_name_aggr : "web-*"',
    );
  });
  it('names the client of lookups', () => {
    expect(exceptionOf(alert({}), 'DNS')).toBe('client_namespace : "shop" and client_name_aggr : "web-*"');
  });
  it('is none where the alert does not tell', () => {
    expect(exceptionOf(alert({ source: null, target: null }), 'FLOWS')).toBeNull();
    expect(exceptionOf(alert({ source: null }), 'DNS')).toBeNull();
    expect(exceptionOf(alert({}), 'AUDIT')).toBeNull();
  });
});

describe('an exception of a record', () => {
  const audit = {
    id: 'r1',
    cluster: 'east',
    time: '2026-11-23T14:00:00Z',
    user: { username: 'eve "the" admin' },
    objectRef: { resource: 'pods', namespace: 'shop', name: 'web-1' },
    peer: '10.0.0.1',
    destPort: 443,
  };
  it('names who did what where', () => {
    expect(exceptionOfRecord(audit, fieldsOf('AUDIT', null) ?? [])).toBe(
      'user.username : "eve \\"the\\" admin" and objectRef.resource : "pods" and objectRef.namespace : "shop"',
    );
  });
  it('goes by what the window of a rule groups by', () => {
    expect(exceptionOfRecord(audit, fieldsOf('BGP', ['peer']) ?? [])).toBe('peer : "10.0.0.1"');
    expect(exceptionOfRecord(audit, ['dest_port', 'host'])).toBe('dest_port : 443 and (not host : *)');
  });
  it('is none where the record does not tell, or the ends do', () => {
    expect(exceptionOfRecord(audit, ['host'])).toBeNull();
    expect(fieldsOf('FLOWS', ['source_name_aggr'])).toBeNull();
    for (const kind of ['L7', 'AUDIT', 'BGP', 'EVENTS'] as const) expect(fieldsOf(kind, null)).not.toBeNull();
  });
});

describe('a filter with an exception', () => {
  it('keeps what it said', () => {
    expect(excepted('a : 1 or b : 2', 'c : 3')).toBe('(a : 1 or b : 2) and not (c : 3)');
    expect(excepted('', 'c : 3')).toBe('not (c : 3)');
  });
  it('is the same when it is excepted again', () => {
    const once = excepted('a : 1', 'c : 3');
    expect(excepted(once, 'c : 3')).toBe(once);
  });
});
