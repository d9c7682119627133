import { visible } from '../domain/names';
import { type LogRecord, type Scalar, sampledOneIn, valuesOf } from '../domain/record';
import { bytes, clockMillis, day, exact, nanos } from '../domain/units';

/** Values as people read them. What the log says is made visible, whatever it contains. */
const BYTES = /^bytes_/;
const NANOS = /^(latency|duration)_(mean|max)$/;
/** What a sampled source estimates. */
const COUNTED = /^(bytes|packets)_|^num_flows/;

export function shownValue(record: LogRecord, field: string, type: string, value: Scalar): string {
  if (type === 'date') return moment(String(value));
  if (type !== 'long') return visible(String(value));
  const text = BYTES.test(field)
    ? bytes(Number(value))
    : NANOS.test(field)
      ? nanos(Number(value))
      : /port|code|rule_index|index/.test(field)
        ? String(value)
        : exact(String(value));
  return sampledOneIn(record) && COUNTED.test(field) ? `~${text}` : text;
}

function moment(text: string): string {
  const at = Date.parse(text);
  return Number.isNaN(at) ? visible(text) : clockMillis(at);
}

export const dated = (text: string): string => {
  const at = Date.parse(text);
  return Number.isNaN(at) ? visible(text) : `${day(at)} ${clockMillis(at)}`;
};

/** The exact value, as it is copied and filtered by. */
export const plainText = (record: LogRecord, field: string): string => valuesOf(record, field).join(', ');
