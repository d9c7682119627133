import './overview.css';
import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useMemo, useRef, useState } from 'react';
import { plural } from '../../domain/units';
import type { Selection } from '../../domain/url-state';
import type { CanvasHandle } from '../use-camera';
import { nodeIdOf, type View, type ViewEdge, type ViewNode } from '../view';
import { ZoomControls } from '../ZoomControls';
import { inkOf } from './ink';
import { OverviewLegend } from './OverviewLegend';
import { sketchOf } from './sketch';
import { Stage } from './stage';
import { useField } from './use-field';

interface Props {
  view: View;
  /** Whether the view answers the present question. */
  current: boolean;
  /** Places are kept for as long as these are the same. */
  scope: string;
  requests: number;
  selection: Selection | null;
  /** Which lines are drawn. */
  keep: (edge: ViewEdge) => boolean;
  onPick: (node: ViewNode) => void;
  onOpen: (node: ViewNode) => void;
  onClear: () => void;
  handle: React.RefObject<CanvasHandle | null>;
}

/** Everything at once, drawn by the graphics card: namespaces as discs, who lives in them as dots. */
export default function Overview(props: Props) {
  const { view, selection, keep, onPick, onOpen, onClear, handle } = props;
  const box = useRef<HTMLDivElement>(null);
  const stage = useRef<Stage | null>(null);
  const colorScheme = useComputedColorScheme('dark');
  const latest = useRef({ onPick, onOpen, onClear });
  latest.current = { onPick, onOpen, onClear };
  const [drawn, setDrawn] = useState(0);

  const { discs, at, generation } = useField(view, props.current, props.scope, props.requests);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the scheme decides what the colours are
  const ink = useMemo(() => inkOf(document.documentElement), [colorScheme]);
  const sketch = useMemo(() => sketchOf({ view, discs, at, keep, ink }), [view, discs, at, keep, ink]);

  useEffect(() => {
    const [element, existing] = [box.current, stage.current];
    if (!element || !sketch.order) return;
    if (existing) existing.draw(sketch, ink);
    else stage.current = new Stage(element, sketch, ink, () => latest.current);
    setDrawn((before) => before + 1);
  }, [sketch, ink]);
  useEffect(
    () => () => {
      stage.current?.kill();
      stage.current = null;
    },
    [],
  );

  // The camera shows the whole once per layout; refreshes and openings leave it where it is.
  // biome-ignore lint/correctness/useExhaustiveDependencies: for each layout of the whole
  useEffect(() => {
    stage.current?.fit();
  }, [generation]);

  const chosen = selection?.id ?? null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is drawn anew has nobody marked
  useEffect(() => {
    const there = stage.current?.sigma;
    if (!there) return;
    const ends = new Set(
      selection?.type === 'edge' && sketch.hasEdge(selection.id) ? sketch.extremities(selection.id) : [],
    );
    const marked = sketch.filterNodes((id) => nodeIdOf(id) === chosen || ends.has(id));
    for (const id of marked) sketch.setNodeAttribute(id, 'highlighted', true);
    return () => {
      for (const id of marked) if (sketch.hasNode(id)) sketch.removeNodeAttribute(id, 'highlighted');
    };
  }, [chosen, sketch, drawn]);

  useEffect(() => {
    const camera = () => stage.current?.sigma.getCamera();
    handle.current = {
      fit: () => stage.current?.fit(),
      zoom: (factor) =>
        factor === null
          ? camera()?.animatedReset({ duration: 240 })
          : camera()?.animatedZoom({ factor, duration: 120 }),
      focus: (id) => {
        const spot = stage.current?.sigma.getNodeDisplayData(id);
        if (spot) camera()?.animate({ x: spot.x, y: spot.y, ratio: 0.25 }, { duration: 240 });
      },
    };
  }, [handle]);

  return (
    <div className="graph-canvas overview" data-testid="graph-overview" data-drawn={drawn || undefined}>
      <div
        ref={box}
        className="overview-sigma"
        role="img"
        aria-label={`Overview of ${plural(view.nodes.length, 'node')} and ${plural(view.edges.length, 'edge')}. T shows the same as a table.`}
      />
      <OverviewLegend />
      <ZoomControls onZoom={(factor) => handle.current?.zoom(factor)} onFit={() => handle.current?.fit()} />
    </div>
  );
}
