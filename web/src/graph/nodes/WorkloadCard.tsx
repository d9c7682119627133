import { middle } from '../../domain/names';
import type { ViewNode } from '../view';
import { AlertBadge } from './AlertBadge';
import { iconOf } from './icons';

export function WorkloadCard({ node }: { node: ViewNode; onToggle: () => void }) {
  const Icon = iconOf(node.kind, node.hash ? `${node.name}-${node.hash}` : node.name);
  return (
    <span className="card workload-card" title={node.hash ? `${node.name}-${node.hash}` : node.name}>
      <span className="icon-tile">
        <Icon size={16} stroke={1.7} aria-hidden />
      </span>
      <span className="node-words">
        <span className="node-name">{middle(node.name, 20)}</span>
        <span className="node-note num cut">
          {node.ambiguous && <span className="hash">{node.hash}</span>}
          {node.note}
        </span>
      </span>
      {node.isNew && <span className="tag-new">new</span>}
      {node.alert && <AlertBadge {...node.alert} />}
    </span>
  );
}
