import { IconCopy } from '@tabler/icons-react';
import { visible } from '../domain/names';
import type { Actions } from './actions';
import { laidOut } from './groups';

/** The line as it arrived, unknown members included. Whatever it holds is shown as text. */
export function RawLine({ raw, actions }: { raw: string; actions: Actions }) {
  const lines = laidOut(raw).split('\n').map(visible);
  return (
    <>
      <p className="record-tools">
        <span className="t3">As it arrived, laid out</span>
        <button
          type="button"
          className="button small"
          onClick={() => actions.copy(raw)}
          data-testid="copy-raw"
        >
          <IconCopy size={14} stroke={1.75} aria-hidden />
          Copy the line
        </button>
      </p>
      <pre className="raw-line mono" data-testid="raw-line">
        {lines.join('\n')}
      </pre>
    </>
  );
}
