import { IconCopy } from '@tabler/icons-react';
import { KeptPane } from '../../alerts/kept/KeptPane';
import type { RejectedLine } from '../../api/rejected';
import { KINDS, type LogKind } from '../../domain/log-kinds';
import { visible } from '../../domain/names';
import { dated } from '../../logs/format';

interface Props {
  line: RejectedLine;
  /** Narrows to lines of its source; null where that is so. */
  onSource: (() => void) | null;
  onClose: () => void;
}

/** One line as it arrived, and why it could not be read. Whatever it holds is shown as text. */
export function LinePane({ line, onSource, onClose }: Props) {
  const { reason, receivedAt, cluster, kind, source, batchId, lineNumber, line: text } = line;
  return (
    <KeptPane one="line" title={reason} onClose={onClose}>
      <dl>
        <dt>Why</dt>
        <dd>{visible(reason)}</dd>
        <dt>Arrived</dt>
        <dd className="mono">{dated(receivedAt)} UTC</dd>
        <dt>Cluster</dt>
        <dd>{visible(cluster)}</dd>
        <dt>Sent as</dt>
        <dd>{kind ? (KINDS[kind as LogKind]?.label ?? kind) : 'not known'}</dd>
        <dt>Source</dt>
        <dd>
          {visible(source)}{' '}
          {onSource && (
            <button type="button" className="button small" onClick={onSource} data-testid="only-source">
              Only its lines
            </button>
          )}
        </dd>
        <dt>Place</dt>
        <dd>
          line {lineNumber + 1} of delivery <span className="mono">{visible(batchId)}</span>
        </dd>
      </dl>
      <p className="rejected-tools">
        <span className="t3">As it arrived</span>
        <button
          type="button"
          className="button small"
          onClick={() => navigator.clipboard.writeText(text)}
          data-testid="copy-line"
        >
          <IconCopy size={14} stroke={1.75} aria-hidden />
          Copy the line
        </button>
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable */}
      <pre className="rejected-line mono" tabIndex={0} data-testid="rejected-text">
        {visible(text)}
      </pre>
    </KeptPane>
  );
}
