import type { RefObject } from 'react';
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

interface Props {
  state: UrlState;
  model: GraphModel;
  layout: Layout;
  spotlight: Spotlight;
  pointing: ReturnType<typeof usePointing>;
  /** Why the table stands in for the picture, where it was not asked for. */
  instead: string | null;
  select: (selection: Selection | null) => void;
  canvas: RefObject<CanvasHandle | null>;
}

/** The picture, or the table that tells the same. */
export function Stage({ state, model, layout, spotlight, pointing, instead, select, canvas }: Props) {
  const { graph, view, fresh, seconds, changes, show } = model;
  if (!graph || !view) return null;
  if (state.view === 'table' || instead) {
    const keep = (edge: GraphEdge) =>
      show === 'denied'
        ? attempts(edge.denied) > 0
        : show === 'changed'
          ? changes?.has(edge.id) === true
          : show !== 'new' || Boolean(fresh?.has(edge.id));
    return (
      <TableTwin
        graph={graph}
        fresh={fresh}
        changes={changes}
        keep={keep}
        selected={state.selection?.id ?? null}
        note={state.view === 'table' ? null : instead}
        onPick={pointing.pickEdge}
      />
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
        seconds={seconds}
        focused={pointing.focused}
        dimmed={state.infra === 'dimmed'}
        comparing={changes !== null}
        actions={pointing.actions}
        onHoverEdge={pointing.hoverEdge}
        onPickEdge={pointing.pickEdge}
        onClear={() => state.selection && select(null)}
        handle={canvas}
      />
      {changes ? <ChangeLegend /> : <Legend measure={state.measure} />}
    </>
  );
}
