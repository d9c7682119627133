import { expect, it } from 'vitest';
import { DEFAULTS } from '../domain/url-state';
import { applied, type PresetDocument, written } from './preset';

const table: PresetDocument = {
  format: 1,
  title: 'Who',
  question: 'Who?',
  explanation: 'So.',
  kind: 'flows',
  filter: 'action: deny',
  view: 'table',
  query: { kind: 'flows', groupBy: ['host'], metrics: [{ op: 'count' }] },
};

it('leads to its filter, columns and order, and leaves range and scope', () => {
  const orderBy = { field: 'count', direction: 'desc' as const };
  const patch = applied('p', 'DNS', { ...table, kind: 'dns', columns: ['qname'], orderBy });
  expect(patch).toEqual({
    kind: 'DNS',
    query: 'action: deny',
    columns: ['qname'],
    sort: '-count',
    preset: 'p',
    record: null,
    tail: false,
  });
});

it('is written from what is shown, and comes back to it', () => {
  const state = { ...DEFAULTS, query: 'a : 1', columns: ['@source', 'host:90'], sort: 'host' };
  const fields = ['source_namespace', 'source_name_aggr', 'host', 'host'];
  const document = written({ title: 'T', question: 'Q?' }, state, fields, null);
  expect(document).toMatchObject({ kind: 'flows', filter: 'a : 1', view: 'logs', query: null });
  expect(document.columns).toEqual(['source_namespace', 'source_name_aggr', 'host']);
  expect(applied('x', 'FLOWS', document)).toMatchObject({ query: 'a : 1', sort: 'host' });
});

it('keeps how the one shows it that it was made from, unless the kind is another', () => {
  const copy = written({ title: 'T', question: 'Q?' }, { ...DEFAULTS, query: 'x : 1' }, [], table);
  expect(copy).toMatchObject({ view: 'table', query: table.query, explanation: 'So.', filter: 'x : 1' });
  const other = written({ title: 'T', question: 'Q?' }, { ...DEFAULTS, kind: 'DNS' }, [], table);
  expect(other).toMatchObject({ kind: 'dns', view: 'logs', query: null });
});
