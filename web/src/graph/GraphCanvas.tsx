import '@xyflow/react/dist/base.css';
import {
  Background,
  BackgroundVariant,
  MiniMap,
  ReactFlow,
  ReactFlowProvider,
  ViewportPortal,
} from '@xyflow/react';
import { memo, useCallback, useMemo, useRef, useState } from 'react';
import { isMeasured, LABEL_WORDS, type Label } from '../domain/edge-label';
import type { Selection } from '../domain/url-state';
import { EdgeTooltip } from './EdgeTooltip';
import { BadgeLayer } from './edges/BadgeLayer';
import { placeBadges } from './edges/badges';
import { EdgeLayer } from './edges/EdgeLayer';
import { routeAll } from './edges/route';
import { GraphNodeView, type NodeActions, type NodeData } from './nodes/GraphNodeView';
import { type CanvasHandle, useCamera } from './use-camera';
import { useCanvasSize } from './use-canvas-size';
import { useFlowNodes } from './use-flow-nodes';
import type { Layout } from './use-layout';
import type { Spotlight } from './use-spotlight';
import type { View } from './view';
import { ZOOM } from './viewport';
import { ZoomControls } from './ZoomControls';

const NODE_TYPES = { view: GraphNodeView };

interface Props {
  view: View;
  layout: Layout;
  spotlight: Spotlight;
  selection: Selection | null;
  gathered: ReadonlySet<string>;
  seconds: number;
  label: Label | null;
  focused: string | null;
  comparing: boolean;
  actions: NodeActions;
  onHoverEdge: (id: string | null) => void;
  onPickEdge: (id: string) => void;
  onClear: () => void;
  handle: React.RefObject<CanvasHandle | null>;
}

export const GraphCanvas = memo(function GraphCanvas(props: Props) {
  return (
    <ReactFlowProvider>
      <Canvas {...props} />
    </ReactFlowProvider>
  );
});

function Canvas(props: Props) {
  const { view, layout, spotlight, selection, gathered, focused, actions, handle } = props;
  const box = useRef<HTMLDivElement>(null);
  const size = useCanvasSize(box);
  const [pointer, setPointer] = useState<{ id: string; x: number; y: number } | null>(null);
  const { rects } = layout;

  const routes = useMemo(() => routeAll(view, rects), [view, rects]);
  const bodies = useMemo(
    () => view.nodes.flatMap((node) => (node.type === 'group' ? [] : (rects.get(node.id) ?? []))),
    [view.nodes, rects],
  );
  const badges = useMemo(() => placeBadges(routes, bodies, spotlight.lit), [routes, bodies, spotlight.lit]);

  const nodes = useFlowNodes({ view, rects, selection, gathered, spotlight, focused, actions });

  useCamera({ box, size, layout, view, selection, handle });

  const hoverEdge = useCallback(
    (id: string | null, at?: { x: number; y: number }) => {
      const corner = box.current?.getBoundingClientRect();
      setPointer(id && at && corner ? { id, x: at.x - corner.left, y: at.y - corner.top } : null);
      props.onHoverEdge(id);
    },
    [props.onHoverEdge],
  );
  const hovered = pointer ? routes.find(({ edge }) => edge.id === pointer.id)?.edge : null;
  const quiet = useCallback(
    (id: string) => spotlight.fadedEdges.has(id) || (spotlight.hushed && !spotlight.lit.has(id)),
    [spotlight],
  );

  return (
    <div
      ref={box}
      className="graph-canvas"
      role="application"
      aria-label="Service graph. Arrow keys move between nodes, Enter shows one, T shows the same as a table."
      data-testid="graph-canvas"
      data-generation={layout.generation}
      data-comparing={props.comparing || undefined}
    >
      <ReactFlow
        nodes={nodes}
        nodeTypes={NODE_TYPES}
        minZoom={ZOOM.least}
        maxZoom={ZOOM.most}
        nodesFocusable={false}
        nodesConnectable={false}
        elementsSelectable={false}
        elevateNodesOnSelect={false}
        zoomOnDoubleClick={false}
        deleteKeyCode={null}
        selectionKeyCode={null}
        multiSelectionKeyCode={null}
        disableKeyboardA11y
        nodeDragThreshold={4}
        proOptions={{ hideAttribution: true }}
        onPaneClick={props.onClear}
        onNodesChange={(changes) => {
          for (const change of changes) {
            if (change.type === 'position' && change.position) layout.move(change.id, change.position);
          }
        }}
        onMove={(_, camera) =>
          box.current?.setAttribute(
            'data-zoom',
            camera.zoom < 0.25 ? 'far' : camera.zoom < 0.45 ? 'mid' : 'near',
          )
        }
      >
        <Background variant={BackgroundVariant.Dots} gap={22} size={1} color="var(--l2)" />
        <ViewportPortal>
          <EdgeLayer
            routes={routes}
            lit={spotlight.lit}
            hushed={spotlight.hushed}
            faded={spotlight.fadedEdges}
            selected={selection?.type === 'edge' ? selection.id : null}
            onHover={hoverEdge}
            onPick={props.onPickEdge}
          />
          <BadgeLayer
            badges={badges}
            selected={selection?.type === 'edge' ? selection.id : null}
            quiet={quiet}
            onPick={props.onPickEdge}
          />
        </ViewportPortal>
        <MiniMap
          className="graph-minimap"
          ariaLabel="Overview of the graph"
          pannable
          zoomable
          nodeColor={(node) =>
            (node.data as NodeData).node.alert?.level === 'CRITICAL' ? 'var(--threat)' : 'var(--l3)'
          }
          nodeBorderRadius={6}
          maskColor="color-mix(in srgb, var(--canvas) 60%, transparent)"
          maskStrokeColor="var(--brandText)"
          maskStrokeWidth={2}
          bgColor="var(--s1)"
          style={{ width: 150, height: 84 }}
        />
      </ReactFlow>
      <ZoomControls onZoom={(factor) => handle.current?.zoom(factor)} onFit={() => handle.current?.fit()} />
      {hovered && pointer && (
        <EdgeTooltip
          edge={hovered}
          view={view}
          at={pointer}
          bounds={size}
          seconds={props.seconds}
          figure={isMeasured(props.label) ? LABEL_WORDS[props.label] : null}
        />
      )}
    </div>
  );
}
