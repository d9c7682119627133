import '../graph/graph.css';
import '../graph/nodes/nodes.css';
import './flows.css';
import { useCallback, useMemo, useRef } from 'react';
import { useAlerts } from '../alerts/AlertsProvider';
import type { Alert } from '../domain/alert';
import { plural } from '../domain/units';
import type { Selection } from '../domain/url-state';
import { ExportMenu } from '../export/ExportMenu';
import { viewTitle } from '../export/title';
import { useAnswer } from '../export/use-answer';
import { GraphProblem, NoFlows } from '../graph/GraphStates';
import { QueryBar } from '../graph/QueryBar';
import { TableTwin } from '../graph/TableTwin';
import { useSmall } from '../graph/use-small';
import { useUrlState } from '../shell/use-url-state';
import { ViewsMenu } from '../views/ViewsMenu';
import { Crumbs } from './Crumbs';
import { MOST_PORTS } from './ports';
import { RingCanvas } from './RingCanvas';
import { RingLegend } from './RingLegend';
import { RingPanel } from './RingPanel';
import { RingSummary } from './RingSummary';
import { RingToolbar } from './RingToolbar';
import { keeping, within } from './ring';
import { useRing } from './use-ring';
import { useRingActions } from './use-ring-actions';
import { useRingKeys } from './use-ring-keys';
import { useRingPointing } from './use-ring-pointing';

/** More than this many arcs and ribbons would be a blur; the table tells the same. */
const DRAWABLE = 1100;
const NO_ALERTS: Alert[] = [];
const drawnRing = () => document.querySelector('.ring-canvas svg.ring');

export function FlowsPage() {
  const [state, update] = useUrlState();
  const alerts = useAlerts().all ?? NO_ALERTS;
  const small = useSmall();
  const model = useRing(state);
  const { graph, ring, steps, current, problem, question, seconds } = model;
  const pointing = useRingPointing();
  const select = useCallback((selection: Selection | null) => update({ selection }), [update]);
  const actions = useRingActions({ state, update, model });
  const focusArc = useRef((id: string) => {
    document.querySelector<SVGElement>(`[data-arc-id="${CSS.escape(id)}"]`)?.focus();
  });
  useRingKeys({
    state,
    update,
    model,
    focused: pointing.focused,
    focus: focusArc.current,
    leave: actions.leave,
  });

  const count = (ring?.arcs.length ?? 0) + (ring?.links.length ?? 0);
  const instead = small
    ? 'This window is narrow, so the flows are shown as a table.'
    : count > DRAWABLE
      ? `${ring?.arcs.length} names and ${ring?.links.length} paths are too many to draw legibly. Filter to see the ring.`
      : null;
  const table = state.view === 'table' || instead !== null;
  const empty = ring !== null && current && ring.links.length === 0;
  const ports = steps.at(-1)?.type === 'edge' && (ring?.arcs.length ?? 0) > MOST_PORTS;
  const kept = useMemo(() => {
    const edges = graph ? within(graph, steps) : [];
    const shown = new Set(ring?.links.map((link) => link.edge));
    return new Set(edges.filter(({ id }) => shown.has(id)).map(({ id }) => id));
  }, [graph, steps, ring]);
  const shownGraph = useMemo(() => (graph ? keeping(graph, kept) : null), [graph, kept]);
  const focus = steps.at(-1);
  const answer = useAnswer(question, focus?.type === 'edge' ? focus.id : null);
  const inRange = useMemo(() => {
    const [from, to] = graph ? [Date.parse(graph.from), Date.parse(graph.to) + 60_000] : [0, 0];
    return alerts.filter((alert) => alert.time >= from && alert.time <= to);
  }, [alerts, graph]);

  return (
    <div className="graph-page flows-page" data-selection={state.selection ? true : undefined}>
      <QueryBar
        state={state}
        clusters={question.clusters}
        problem={model.filterProblem}
        update={update}
        count={ring ? `${plural(ring.arcs.length, 'name')} · ${plural(kept.size, 'path')}` : ''}
      />
      <div
        className="graph-stage"
        data-stale={(graph && (!current || problem)) || undefined}
        aria-busy={model.fetching && !graph}
      >
        <div className="ring-bar">
          <Crumbs steps={steps} graph={graph} onGo={actions.go} />
          <RingToolbar state={state} update={update}>
            <ViewsMenu page="FLOWS" state={state} update={update} />
            <ExportMenu
              title={viewTitle('Flows', graph)}
              picture={drawnRing}
              drawn={ring !== null && !empty && !table}
              graph={shownGraph}
              ask={answer}
            />
          </RingToolbar>
        </div>
        {!ring && !problem && <RingSkeleton />}
        {ring && !empty && graph && table && (
          <TableTwin
            graph={graph}
            fresh={null}
            changes={null}
            figures={null}
            keep={(edge) => kept.has(edge.id)}
            selected={state.selection?.id ?? null}
            note={state.view === 'table' ? null : instead}
            onPick={actions.pickLink}
          />
        )}
        {ring && !empty && !table && (
          <>
            <RingCanvas
              ring={ring}
              measure={state.size}
              power={state.power}
              seconds={seconds}
              selection={state.selection}
              matching={model.matching}
              alerts={inRange}
              pointing={pointing}
              actions={actions}
              scene={`${state.zoom.join('\n')} ${state.status}`}
            />
            <RingLegend
              measure={state.size}
              power={state.power}
              crowded={model.crowded}
              onScale={actions.scale}
              onGraph={() => update({ view: 'graph' }, { to: '/' })}
            />
          </>
        )}
        {empty && (
          <NoFlows
            filtered={question.filter !== null || state.status !== 'all' || steps.length > 0}
            otherTimes={alerts.length > 0 || state.from !== 'now-30m'}
            onRemove={() => update({ query: '', namespaces: [], status: 'all', zoom: [] })}
            onWiden={() => update({ from: 'now-24h', to: 'now' })}
          />
        )}
        {problem && !problem.isFilter && (
          <GraphProblem problem={problem} asOf={graph?.asOf ?? null} onRetry={model.retry} />
        )}
        {ports && (
          <p className="graph-truncated">Only the busiest {MOST_PORTS} ports of this flow are shown.</p>
        )}
        {graph?.truncated && (
          <p className="graph-truncated">Only the busiest 5,000 edges are shown. Filter to see the rest.</p>
        )}
        <RingSummary ring={ring} />
      </div>
      <RingPanel
        state={state}
        model={model}
        pointing={pointing}
        actions={actions}
        onSelect={select}
        onList={(list) => update({ list }, { replace: true })}
      />
    </div>
  );
}

function RingSkeleton() {
  return (
    <div className="ring-skeleton" role="status" aria-busy="true">
      <span className="visually-hidden">Loading the ring</span>
      <div className="skeleton" />
    </div>
  );
}
