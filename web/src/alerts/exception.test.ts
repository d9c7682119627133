import { describe, expect, it } from 'vitest';
import type { Alert } from '../domain/alert';
import type { GraphNode } from '../domain/graph';
import { excepted, exceptionOf } from './exception';

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
