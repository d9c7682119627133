import { describe, expect, it } from 'vitest';
import type { GraphNode } from '../domain/graph';
import { allOf, atEnd, between, inNamespaces, lookups } from './build';
import { quote } from './quote';
import { tokenise } from './tokens';

const kinds = (text: string) =>
  tokenise(text)
    .filter((token) => token.kind !== 'space')
    .map((token) => [token.kind, token.text]);

describe('tokenise', () => {
  it('colours the query of the design picture', () => {
    expect(kinds('not process_name : "kube-probe" and num_flows_started > 0 and dest_port : *')).toEqual([
      ['operator', 'not'],
      ['field', 'process_name'],
      ['operator', ':'],
      ['string', '"kube-probe"'],
      ['operator', 'and'],
      ['field', 'num_flows_started'],
      ['operator', '>'],
      ['number', '0'],
      ['operator', 'and'],
      ['field', 'dest_port'],
      ['operator', ':'],
      ['value', '*'],
    ]);
  });

  it.each([
    '',
    '"unclosed',
    'a : "x\\" y" or (b)',
    'policy_hits:{name:"x" and action:deny}',
    '\\',
    'é : ☃ <= 3',
    'a\\:b : c',
  ])('loses no character of %j', (text) => {
    expect(
      tokenise(text)
        .map((token) => token.text)
        .join(''),
    ).toBe(text);
  });
});

describe('building filters', () => {
  const node = (kind: GraphNode['kind'], name: string, namespace: string | null): GraphNode => ({
    id: name,
    kind,
    name,
    namespace,
    cluster: 'c',
    parentId: null,
    members: null,
  });

  it('brackets alternatives before it joins them', () => {
    expect(allOf(['a : 1 or b : 2', '', null, 'c : 3'])).toBe('(a : 1 or b : 2) and c : 3');
    expect(allOf([])).toBeNull();
    expect(inNamespaces(['data', 'kube system'])).toBe(
      'source_namespace : (data or "kube system") or dest_namespace : (data or "kube system")',
    );
  });

  it('names workloads as phrases, so that their asterisk is no wildcard', () => {
    expect(between(node('WORKLOAD', 'export-7c9d-*', 'payments'), node('FQDN', 'x.top', null))).toBe(
      'source_namespace : "payments" and source_name_aggr : "export-7c9d-*" and dest_domain : "x.top"',
    );
  });

  it('finds flows of a service by its workloads, and by its name where it was called', () => {
    const db = {
      ...node('SERVICE', 'db', 'shop'),
      services: [{ namespace: 'shop', name: 'db' }],
      workloads: [{ namespace: 'shop', name: 'db-*' }],
    };
    expect(atEnd('source', db)).toBe('(source_namespace : "shop" and source_name_aggr : "db-*")');
    expect(atEnd('dest', db)).toBe(
      '(dest_namespace : "shop" and dest_name_aggr : "db-*") or ' +
        '(dest_service_namespace : "shop" and dest_service_name : "db")',
    );
    expect(atEnd('source', { ...db, workloads: [] })).toBe('not cluster : *');
  });

  it('finds lookups by who asked and who was asked', () => {
    const [web, dns] = [node('WORKLOAD', 'web-*', 'shop'), node('WORKLOAD', 'coredns-*', 'kube-system')];
    expect(lookups([web], [dns])).toBe(
      'type : LOG and (client_namespace : "shop" and client_name_aggr : "web-*") and ' +
        '(server_namespace : "kube-system" and server_name_aggr : "coredns-*")',
    );
    expect(lookups([web], [node('HOST', 'node-1', null)])).toBeNull();
    expect(lookups([web], [])).toBeNull();
  });

  it('quotes what would otherwise mean something', () => {
    expect(quote('deny')).toBe('deny');
    expect(quote('and')).toBe('"and"');
    expect(quote('a "b" \\c')).toBe('"a \\"b\\" \\\\c"');
  });
});
