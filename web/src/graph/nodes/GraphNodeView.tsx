import { Handle, type NodeProps, Position } from '@xyflow/react';
import { memo, useEffect, useRef } from 'react';
import { isPlaced, kindWord, visible } from '../../domain/names';
import type { ViewNode } from '../view';
import { ExternalNode } from './ExternalNode';
import { GroupBox } from './GroupBox';
import { NamespaceCard } from './NamespaceCard';
import { WorkloadCard } from './WorkloadCard';

export interface NodeActions {
  pick: (node: ViewNode) => void;
  /** Takes it among those that are chosen together, or out of them. */
  gather: (node: ViewNode) => void;
  toggle: (node: ViewNode) => void;
  hover: (id: string | null) => void;
  focus: (id: string) => void;
}

export interface NodeData extends Record<string, unknown> {
  node: ViewNode;
  selected: boolean;
  /** Among those that are chosen together. */
  gathered: boolean;
  faded: boolean;
  glows: boolean;
  /** Whether Tab enters the graph here. */
  entry: boolean;
  actions: NodeActions;
}

const BODY = { namespace: NamespaceCard, group: GroupBox, workload: WorkloadCard, external: ExternalNode };
const DOUBLE = 230;
const NO_HANDLE = { opacity: 0, pointerEvents: 'none' } as const;

/** One drawn node: its body by type, and everything about pointing at it and focusing it. */
export const GraphNodeView = memo(function GraphNodeView({ data }: NodeProps & { data: NodeData }) {
  const { node, selected, gathered, faded, glows, entry, actions } = data;
  const Body = BODY[node.type];
  const opensLater = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(opensLater.current), []);
  const opens = node.toggles !== null && (node.type !== 'workload' || node.kind === 'SERVICE');
  return (
    // biome-ignore lint/a11y/useSemanticElements: a box of 82 pixels full of other boxes, which React Flow drags
    // biome-ignore lint/a11y/useKeyWithClickEvents: use-graph-keys has the keys of all nodes
    <div
      className={`node node-${node.type}`}
      role="button"
      tabIndex={entry ? 0 : -1}
      aria-pressed={selected || gathered}
      aria-expanded={opens ? node.isOpen : undefined}
      data-testid="graph-node"
      data-node-id={node.nodeId}
      data-view-id={node.id}
      data-node-name={node.hash ? `${node.name}-${node.hash}` : node.name}
      data-node-kind={node.kind}
      data-node-type={node.type}
      data-role={node.role}
      data-selected={selected || gathered || undefined}
      data-gathered={gathered || undefined}
      data-faded={faded || undefined}
      data-infra={node.infra || undefined}
      data-dimmed={node.standing.state === 'dimmed' || undefined}
      data-pending={node.pending || undefined}
      data-alert={node.alert?.level}
      data-glows={glows || undefined}
      data-denied={node.denied > 0 || undefined}
      onClick={(event) => {
        event.stopPropagation();
        clearTimeout(opensLater.current);
        if (event.shiftKey) return actions.gather(node);
        // The panel takes room: wait whether a second click follows, or it would miss its node.
        if (opens) opensLater.current = setTimeout(() => actions.pick(node), DOUBLE);
        else actions.pick(node);
      }}
      onDoubleClick={(event) => {
        event.stopPropagation();
        clearTimeout(opensLater.current);
        if (opens) actions.toggle(node);
      }}
      onMouseEnter={() => actions.hover(node.id)}
      onMouseLeave={() => actions.hover(null)}
      onFocus={() => actions.focus(node.id)}
    >
      <Handle type="target" position={Position.Left} style={NO_HANDLE} isConnectable={false} />
      <Body node={node} onToggle={() => actions.toggle(node)} />
      <span className="visually-hidden">{silent(node)}</span>
      <Handle type="source" position={Position.Right} style={NO_HANDLE} isConnectable={false} />
    </div>
  );
});

/** What the picture says by shape and colour alone. */
function silent(node: ViewNode): string {
  const denied = node.denied > 0 ? `, ${node.denied} denied` : '';
  const where = isPlaced(node.kind) && node.namespace ? ` in ${visible(node.namespace)}` : '';
  return `${kindWord(node.kind)}${where}${denied}`;
}
