import { canCapture } from '../captures/order';
import type { GraphNode } from '../domain/graph';
import type { Selection } from '../domain/url-state';
import { EdgePanel } from './panel/EdgePanel';
import { NodePanel } from './panel/NodePanel';
import { SidePanel } from './panel/SidePanel';
import type { GraphModel } from './use-graph-model';

interface Props {
  selection: Selection;
  model: GraphModel;
  compare: string | null;
  opened: readonly string[];
  onSelect: (selection: Selection | null) => void;
  onToggle: (id: string) => void;
  onCapture: (node: GraphNode) => void;
}

const opens = (node: GraphNode): boolean =>
  node.kind === 'NAMESPACE' || (node.kind === 'SERVICE' && Boolean(node.workloads?.length));

export function SelectionPanel({ selection, model, compare, opened, onSelect, onToggle, onCapture }: Props) {
  const { graph, question, fresh, members } = model;
  const close = () => onSelect(null);
  if (selection.type === 'edge') {
    return (
      <SidePanel title="Selected edge" onClose={close}>
        <EdgePanel
          id={selection.id}
          range={question.range}
          filter={question.filter}
          compare={compare}
          isNew={fresh?.has(selection.id) ?? false}
          onPickNode={(id) => onSelect({ type: 'node', id })}
        />
      </SidePanel>
    );
  }
  const node =
    graph?.nodes.get(selection.id) ?? members.namespace(selection.id) ?? members.find(selection.id);
  return (
    <SidePanel title="Selected node" onClose={close}>
      {graph && node ? (
        <NodePanel
          graph={graph}
          node={node}
          isOpen={opened.includes(node.id)}
          onPickEdge={(id) => onSelect({ type: 'edge', id })}
          onCapture={canCapture(node) ? () => onCapture(node) : null}
          onToggle={opens(node) ? () => onToggle(node.id) : null}
        />
      ) : (
        <p className="panel-note">{graph ? 'This node had no flows in this range.' : 'Loading'}</p>
      )}
    </SidePanel>
  );
}
