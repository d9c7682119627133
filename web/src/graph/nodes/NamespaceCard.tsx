import { IconHexagons } from '@tabler/icons-react';
import { visible } from '../../domain/names';
import type { ViewNode } from '../view';
import { AlertBadge } from './AlertBadge';
import { NodeToggle } from './NodeToggle';

const PIPS = 16;

interface Props {
  node: ViewNode;
  onToggle: () => void;
}

/** A folded namespace: a stack of cards with one pip for each workload. */
export function NamespaceCard({ node, onToggle }: Props) {
  const rest = node.pips.length - PIPS;
  return (
    <>
      <span className="stack-2" />
      <span className="stack-1" />
      <span className="card">
        <span className="node-line">
          <IconHexagons size={14} stroke={1.75} aria-hidden className="t3" />
          <span className="node-name cut">{node.name}</span>
          <NodeToggle open={false} name={node.name} onToggle={onToggle} />
        </span>
        <span className="pips" aria-hidden>
          {node.pips.slice(0, PIPS).map((pip) => (
            <span key={pip.id} className="pip" data-state={pip.state} />
          ))}
          {rest > 0 && <span className="pip-rest">+{rest}</span>}
        </span>
        <span className="node-line node-note">
          <span>
            {node.members} {node.members === 1 ? 'workload' : 'workloads'}
          </span>
          <span className="num cut">
            {node.infra ? 'infra layer' : visible(node.standing.layer ?? node.note)}
          </span>
        </span>
      </span>
      {node.alert && <AlertBadge {...node.alert} />}
    </>
  );
}
