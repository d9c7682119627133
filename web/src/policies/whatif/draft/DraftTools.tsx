import { IconArrowBackUp, IconCopy, IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import { download, fileName } from '../../../dashboards/csv';

interface Props {
  text: string;
  name: string;
  /** Null where there is nothing to discard. */
  onDiscard: (() => void) | null;
}

/** What leads out of the page: the manifests for a pull request, or back to what the cluster has. */
export function DraftTools({ text, name, onDiscard }: Props) {
  const [copied, setCopied] = useState('');
  return (
    <>
      <span className="visually-hidden" role="status">
        {copied === text && 'Copied.'}
      </span>
      <button
        type="button"
        className="button small quiet"
        onClick={() => navigator.clipboard.writeText(text).then(() => setCopied(text))}
        disabled={!text}
        data-testid="copy-yaml"
      >
        <IconCopy size={14} stroke={1.75} aria-hidden />
        {copied === text && text ? 'Copied' : 'Copy YAML'}
      </button>
      <button
        type="button"
        className="icon-button small"
        aria-label="Download YAML"
        title="Download YAML"
        disabled={!text}
        onClick={() => download(fileName(name, 'yaml'), 'application/yaml', text)}
        data-testid="download-yaml"
      >
        <IconDownload size={14} stroke={1.75} aria-hidden />
      </button>
      {onDiscard && (
        <button
          type="button"
          className="icon-button small"
          aria-label="Discard the draft"
          title="Discard the draft"
          onClick={onDiscard}
          data-testid="discard"
        >
          <IconArrowBackUp size={15} stroke={1.75} aria-hidden />
        </button>
      )}
    </>
  );
}
