import { expect, it } from 'vitest';
import { KIND_LIST, KINDS } from '../domain/log-kinds';
import { moved, nextSort, readColumns, readSort, resized, writeColumns } from './columns';

const fields = ['start_time', 'action', 'dest_port', 'source_labels'].map((name) => ({
  name,
  type: name === 'dest_port' ? 'long' : name === 'start_time' ? 'date' : 'keyword',
  multi: name === 'source_labels',
  description: '',
}));
const ids = (columns: { id: string }[]) => columns.map((column) => column.id);

it('shows the columns of the kind where nothing else is asked', () => {
  for (const info of KIND_LIST) {
    const columns = readColumns([], info, null);
    expect(ids(columns)).toEqual(info.columns);
    expect(writeColumns(columns, info)).toEqual([]);
  }
});

it('reads widths, drops what the kind does not have, and orders by single values only', () => {
  const columns = readColumns(
    ['dest_port:90', 'qname', 'source_labels', '@source:9999'],
    KINDS.FLOWS,
    fields,
  );
  expect(ids(columns)).toEqual(['dest_port', 'source_labels', '@source']);
  expect(columns.map((column) => column.width)).toEqual([90, 140, 800]);
  expect(columns.map((column) => column.order)).toEqual(['dest_port', null, 'source_name_aggr']);
  expect(columns.map((column) => column.right)).toEqual([true, false, false]);
});

it('moves and resizes, and writes that into the address and back', () => {
  const columns = readColumns(['start_time', 'action', 'dest_port'], KINDS.FLOWS, fields);
  const changed = resized(moved(columns, 'dest_port', 0), 'action', 200);
  const texts = writeColumns(changed, KINDS.FLOWS);
  expect(texts).toEqual(['dest_port', 'start_time', 'action:200']);
  expect(readColumns(texts, KINDS.FLOWS, fields)).toEqual(changed);
  expect(ids(moved(columns, 'start_time', 99))).toEqual(['action', 'dest_port', 'start_time']);
});

it('turns the order round and then back to the newest', () => {
  expect(nextSort(null, 'bytes_in')).toBe('-bytes_in');
  expect(nextSort('-bytes_in', 'bytes_in')).toBe('bytes_in');
  expect(nextSort('bytes_in', 'bytes_in')).toBeNull();
  expect(readSort('-bytes_in')).toEqual({ field: 'bytes_in', direction: 'DESC' });
  expect(readSort(null)).toBeNull();
});
