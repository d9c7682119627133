import { IconHexagons } from '@tabler/icons-react';
import type { ViewNode } from '../view';
import { AlertBadge } from './AlertBadge';
import { NodeToggle } from './NodeToggle';

interface Props {
  node: ViewNode;
  onToggle: () => void;
}

/** An open namespace; its workloads are drawn over it. */
export function GroupBox({ node, onToggle }: Props) {
  return (
    <>
      <span className="group-head">
        <IconHexagons size={14} stroke={1.75} aria-hidden className="t3" />
        <span className="node-name cut">{node.name}</span>
        <span className="node-note num">{node.note}</span>
        <NodeToggle open={node.isOpen} name={node.name} onToggle={onToggle} />
      </span>
      {node.pending && node.shown === 0 && (
        <span className="group-wait" aria-hidden>
          {Array.from({ length: Math.min(6, node.members) }, (_, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: placeholders have no identity
            <span key={at} className="skeleton" />
          ))}
        </span>
      )}
      {node.alert && <AlertBadge {...node.alert} />}
    </>
  );
}
