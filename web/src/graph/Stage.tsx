import { lazy, type RefObject, Suspense, useCallback, useMemo } from 'react';
import { isMeasured } from '../domain/edge-label';
import type { GraphEdge } from '../domain/graph';
import { attempts } from '../domain/traffic';
import type { Selection, UrlState } from '../domain/url-state';
import { ChangeLegend } from './ChangeLegend';
import { GraphCanvas } from './GraphCanvas';
import { Legend } from './Legend';
import { TableTwin } from './TableTwin';
import type { CanvasHandle } from './use-camera';
import type { GraphModel } from './use-graph-model';
import type { Layout } from './use-layout';
import type { usePointing } from './use-pointing';
import type { Spotlight } from './use-spotlight';
import type { ViewEdge, ViewNode } from './view';

const Overview = lazy(() => import('./overview/Overview'));

interface Props {
  state: UrlState;
  model: GraphModel;
  layout: Layout;
  spotlight: Spotlight;
  pointing: ReturnType<typeof usePointing>;
  /** Why the table stands in for the picture, where it was not asked for. */
  instead: string | null;
  /** Whether there is more than cards can show. */
  overview: boolean;
  /** What the places of the picture are kept for. */
  scope: string;
  /** Opens one namespace and closes all others. */
  openAlone: (id: string) => void;
  select: (selection: Selection | null) => void;
  canvas: RefObject<CanvasHandle | null>;
}

/** The picture, or the table that tells the same. */
export function Stage(props: Props) {
  const { state, model, layout, spotlight, pointing, instead, select, openAlone, canvas } = props;
  const { graph, view, fresh, seconds, changes, show, matching, dns } = model;
  const drawn = useMemo(() => new Set(view?.nodes.map(({ nodeId }) => nodeId)), [view]);
  const keep = useCallback(
    (edge: GraphEdge) => {
      // The table leaves out what a layer hides.
      if (!drawn.has(edge.source) || !drawn.has(edge.target)) return false;
      if (show === 'denied') return attempts(edge.denied) > 0;
      if (show === 'changed') return changes?.has(edge.id) === true;
      if (show === 'dns') return dns === null || dns.has(edge.id);
      return show !== 'new' || Boolean(fresh?.has(edge.id));
    },
    [drawn, show, changes, fresh, dns],
  );
  const keepLine = useCallback(
    ({ edge }: ViewEdge) => keep(edge) && (!matching || matching.has(edge.id)),
    [keep, matching],
  );
  const { toggle } = pointing;
  const open = useCallback(
    (node: ViewNode) => {
      const namespace =
        node.type === 'workload' ? node.parent : node.type === 'external' ? null : node.nodeId;
      if (state.level === 'NAMESPACE') toggle(node);
      else if (namespace) openAlone(namespace);
    },
    [state.level, toggle, openAlone],
  );
  const { scatter } = pointing;
  const chosen = state.selection !== null;
  const clear = useCallback(() => {
    scatter();
    if (chosen) select(null);
  }, [scatter, chosen, select]);
  if (!graph || !view) return null;
  if (state.view === 'table' || instead) {
    return (
      <TableTwin
        graph={graph}
        fresh={fresh}
        changes={changes}
        figures={isMeasured(state.label) ? { label: state.label, of: model.figures } : null}
        keep={keep}
        selected={state.selection?.id ?? null}
        note={state.view === 'table' ? null : instead}
        onPick={pointing.pickEdge}
      />
    );
  }
  if (props.overview) {
    return (
      <Suspense>
        <Overview
          view={view}
          current={model.current}
          scope={props.scope}
          requests={layout.requests}
          selection={state.selection}
          keep={keepLine}
          onPick={pointing.actions.pick}
          onOpen={open}
          onClear={() => state.selection && select(null)}
          handle={canvas}
        />
      </Suspense>
    );
  }
  if (!layout.rects.size) return null;
  return (
    <>
      <GraphCanvas
        view={view}
        layout={layout}
        spotlight={spotlight}
        selection={state.selection}
        gathered={pointing.gathered}
        seconds={seconds}
        label={state.label}
        focused={pointing.focused}
        comparing={changes !== null}
        actions={pointing.actions}
        onHoverEdge={pointing.hoverEdge}
        onPickEdge={pointing.pickEdge}
        onClear={clear}
        handle={canvas}
      />
      {changes ? <ChangeLegend /> : <Legend measure={state.measure} />}
    </>
  );
}
