import type { Node } from '@xyflow/react';
import { useMemo, useRef } from 'react';
import type { Selection } from '../domain/url-state';
import type { Rect } from './layout/size';
import type { NodeActions, NodeData } from './nodes/GraphNodeView';
import { isSelected, type Spotlight } from './use-spotlight';
import type { View, ViewNode } from './view';

type FlowNode = Node<NodeData>;

const LAYER: Record<ViewNode['type'], number> = { group: 0, namespace: 3, workload: 3, external: 3 };

interface Input {
  view: View;
  rects: ReadonlyMap<string, Rect>;
  selection: Selection | null;
  gathered: ReadonlySet<string>;
  spotlight: Spotlight;
  focused: string | null;
  actions: NodeActions;
}

/** The view as React Flow takes it. What looks and stands as before is the same object, and not drawn again. */
export function useFlowNodes(input: Input): FlowNode[] {
  const { view, rects, selection, gathered, spotlight, focused, actions } = input;
  const entry = focused && rects.has(focused) ? focused : leftmost(rects);
  const glow = useMemo(
    () => view.nodes.find((node) => node.alert?.level === 'CRITICAL' && node.type !== 'group')?.id,
    [view.nodes],
  );
  const before = useRef<ReadonlyMap<string, FlowNode>>(new Map());
  return useMemo(() => {
    const nodes = view.nodes.flatMap((node) => {
      const rect = rects.get(node.id);
      if (!rect) return [];
      const data: NodeData = {
        node,
        selected: isSelected(selection, node.id),
        gathered: gathered.has(node.nodeId),
        faded: spotlight.fadedNodes.has(node.id) || (spotlight.hushed && !spotlight.litNodes.has(node.id)),
        glows: node.id === glow,
        entry: node.id === entry,
        actions,
      };
      const was = before.current.get(node.id);
      return was && stands(was, rect) && alike(was.data, data) ? was : flowNode(node, rect, data);
    });
    before.current = new Map(nodes.map((node) => [node.id, node]));
    return nodes;
  }, [view.nodes, rects, selection, gathered, spotlight, glow, entry, actions]);
}

const REACHABLE = { pointerEvents: 'all' } as const;

function flowNode(node: ViewNode, rect: Rect, data: NodeData): FlowNode {
  return {
    id: node.id,
    type: 'view',
    position: { x: rect.x, y: rect.y },
    width: rect.w,
    height: rect.h,
    measured: { width: rect.w, height: rect.h },
    zIndex: LAYER[node.type],
    draggable: node.parent === null,
    selectable: false,
    focusable: false,
    // What can be neither dragged nor selected by React Flow would let clicks through to the box behind it.
    style: REACHABLE,
    data,
  };
}

const stands = ({ position, width, height }: FlowNode, { x, y, w, h }: Rect): boolean =>
  position.x === x && position.y === y && width === w && height === h;

const alike = (a: NodeData, b: NodeData): boolean =>
  (Object.keys(b) as (keyof NodeData)[]).every((key) => a[key] === b[key]);

/** Where Tab enters the graph at first. */
function leftmost(rects: ReadonlyMap<string, Rect>): string | null {
  let first: [string, Rect] | null = null;
  for (const one of rects) {
    const [, { x, y }] = one;
    if (!first || x < first[1].x || (x === first[1].x && y < first[1].y)) first = one;
  }
  return first?.[0] ?? null;
}
