import { IconLink, IconX } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';

interface Props {
  title: string;
  children: ReactNode;
  onClose: () => void;
}

export function SidePanel({ title, children, onClose }: Props) {
  const [copied, setCopied] = useState(false);
  const copy = () => {
    navigator.clipboard?.writeText(location.href).then(() => {
      setCopied(true);
      setTimeout(() => setCopied(false), 1500);
    });
  };
  return (
    <aside className="side-panel" aria-label={title} data-testid="side-panel">
      <header>
        <h2>{title}</h2>
        <button
          type="button"
          className="icon-button"
          onClick={copy}
          aria-label="Copy a link to this"
          title={copied ? 'Copied' : 'Copy a link to this'}
        >
          <IconLink size={16} stroke={1.75} aria-hidden />
        </button>
        <button
          type="button"
          className="icon-button"
          onClick={onClose}
          aria-label="Close the panel"
          title="Close (Esc)"
        >
          <IconX size={16} stroke={1.75} aria-hidden />
        </button>
      </header>
      <span className="visually-hidden" role="status">
        {copied ? 'Link copied' : ''}
      </span>
      <div className="panel-body">{children}</div>
    </aside>
  );
}
