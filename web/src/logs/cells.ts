import type { LogKind } from '../domain/log-kinds';
import { firstOf, type LogRecord } from '../domain/record';
import { condition } from '../kql/conjuncts';
import type { Column } from './columns';
import { COMPOSITES } from './composites';
import { plainText } from './format';

/** The condition that finds what a cell shows; null where a column has nothing to find. */
export function cellCondition(kind: LogKind, record: LogRecord, column: Column): string | null {
  const composite = COMPOSITES[kind][column.id];
  if (composite) return composite.condition(record);
  if (column.type === 'nested') return null;
  return condition(column.id, firstOf(record, column.id));
}

export const cellText = (record: LogRecord, column: Column): string =>
  column.fields
    .map((field) => plainText(record, field))
    .filter(Boolean)
    .join('/');
