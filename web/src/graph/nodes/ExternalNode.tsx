import { middle } from '../../domain/names';
import { isGlobe } from '../layout/size';
import type { ViewNode } from '../view';
import { AlertBadge } from './AlertBadge';
import { iconOf } from './icons';

/** What is outside the cluster: a globe at the edge where it calls, a pill where it is called. */
export function ExternalNode({ node }: { node: ViewNode; onToggle: () => void }) {
  const Icon = iconOf(node.kind, node.name);
  if (isGlobe(node)) {
    return (
      <>
        <span className="globe">
          <Icon size={22} stroke={1.5} aria-hidden />
        </span>
        <span className="globe-words">
          <span className="node-name cut">{middle(node.name, 22)}</span>
          <span className="node-note cut">{node.note}</span>
        </span>
        {node.alert && <AlertBadge {...node.alert} />}
      </>
    );
  }
  return (
    <span className="card external-pill" title={node.name}>
      <span className="icon-disc">
        <Icon size={17} stroke={1.6} aria-hidden />
      </span>
      <span className="node-words">
        <span className="node-name cut">{middle(node.name, 20)}</span>
        <span className="node-note num cut">{node.note}</span>
      </span>
      {node.isNew && <span className="tag-new">new</span>}
      {node.alert && <AlertBadge {...node.alert} />}
    </span>
  );
}
