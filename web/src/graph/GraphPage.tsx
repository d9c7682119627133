import './graph.css';
import './nodes/nodes.css';
import './edges/edges.css';
import { lazy, Suspense, useCallback, useMemo, useRef, useState } from 'react';
import { useAlerts } from '../alerts/AlertsProvider';
import { useHeld } from '../alerts/use-held';
import { useOpenAlert } from '../alerts/use-open-alert';
import { canCapture } from '../captures/order';
import type { Alert } from '../domain/alert';
import { behind, type GraphNode } from '../domain/graph';
import { isLive } from '../domain/time';
import { exact, plural } from '../domain/units';
import type { Selection } from '../domain/url-state';
import { ExportMenu } from '../export/ExportMenu';
import { viewTitle } from '../export/title';
import { useAnswer } from '../export/use-answer';
import { allOf } from '../kql/build';
import { LayersMenu } from '../layers/LayersMenu';
import { memberOf } from '../layers/layer';
import { useLayering } from '../layers/use-layering';
import { useLayers } from '../layers/use-layers';
import { Dock } from '../logs-dock/Dock';
import { Scrubber } from '../scrubber/Scrubber';
import { GraphSkeleton } from '../shell/GraphSkeleton';
import { useUrlState } from '../shell/use-url-state';
import { ViewsMenu } from '../views/ViewsMenu';
import { ComparedNote } from './ComparedNote';
import { chosenFlows, nameIn } from './chosen';
import { GraphProblem, NoFlows } from './GraphStates';
import { hasWebGL } from './overview/webgl';
import { QueryBar } from './QueryBar';
import { SelectionPanel } from './SelectionPanel';
import { Stage } from './Stage';
import { Summary } from './Summary';
import { Toolbar } from './Toolbar';
import type { CanvasHandle } from './use-camera';
import { useDirectory } from './use-directory';
import { useGraphKeys } from './use-graph-keys';
import { useGraphModel } from './use-graph-model';
import { useLayout } from './use-layout';
import { useOpened } from './use-opened';
import { usePointing } from './use-pointing';
import { MOST_EDGES } from './use-service-graph';
import { useSmall } from './use-small';
import { useSpotlight } from './use-spotlight';

/** Above this many nodes and lines cards would be a hairball: the overview, or else the table, tells the same. */
const DRAWABLE = 620;
const NO_ALERTS: Alert[] = [];
const CapturesPane = lazy(() =>
  import('../captures/CapturesPane').then(({ CapturesPane: found }) => ({ default: found })),
);
const PrepareCapture = lazy(() =>
  import('../captures/PrepareCapture').then(({ PrepareCapture: found }) => ({ default: found })),
);
const drawnGraph = () => document.querySelector('.graph-canvas .react-flow__viewport');

export function GraphPage() {
  const [address, update] = useUrlState();
  const [state, toggleId] = useOpened(address, update);
  const { all, arrived } = useAlerts();
  const alerts = useHeld(all ?? NO_ALERTS, arrived, !isLive(state));
  const openAlert = useOpenAlert();
  const small = useSmall();
  const canvas = useRef<CanvasHandle>(null);
  const [listing, setListing] = useState(false);
  const layers = useLayers(listing || state.layers.length > 0);
  const layering = useLayering(state.infra, state.layers, layers);
  const model = useGraphModel(state, alerts, layering);
  const { graph, view, current, problem, question, members, fresh } = model;

  const count = (view?.nodes.length ?? 0) + (view?.edges.length ?? 0);
  const instead = small
    ? 'This window is narrow, so the graph is shown as a table.'
    : view && count > DRAWABLE && !hasWebGL()
      ? `${view.nodes.length} nodes and ${view.edges.length} edges are too many to draw as cards, and this browser has no WebGL for an overview. Close namespaces or filter to see the graph.`
      : null;
  const overview = count > DRAWABLE;
  const drawn = state.view === 'table' || instead || overview ? null : view;
  const isDrawn = drawn !== null;
  const scope = JSON.stringify([state.cluster, layering.scope, question.filter, state.level]);
  const layout = useLayout(drawn, current, scope, state.open);

  const select = useCallback((selection: Selection | null) => update({ selection }), [update]);
  const pointing = usePointing(select, toggleId);
  const spotlight = useSpotlight({
    view: drawn,
    hover: pointing.hover,
    selection: state.selection,
    show: model.show,
    matching: model.matching,
    dns: model.dns,
  });
  useGraphKeys({
    state,
    update,
    view: drawn,
    rects: layout.rects,
    focused: pointing.focused,
    canvas,
    toggle: pointing.toggle,
    pick: pointing.pick,
    gather: pointing.gather,
    scatter: pointing.scatter,
    relayout: layout.relayout,
  });
  useDirectory(graph, members);

  const answer = useAnswer(question);
  const chosen = chosenFlows(
    state.selection,
    graph,
    (id) => members.namespace(id) ?? members.find(id),
    state.level,
  );
  const together = useMemo(() => {
    const ids = new Set(pointing.gathered);
    if (state.selection?.type === 'node') ids.add(state.selection.id);
    const nodes = [...ids].flatMap(
      (id) => graph?.nodes.get(id) ?? members.namespace(id) ?? members.find(id) ?? [],
    );
    const several = new Set([...(graph?.nodes.values() ?? [])].map(({ cluster }) => cluster)).size > 1;
    // A layer has no services: the workloads behind one are what it means.
    return nodes
      .flatMap((node) => (node.kind === 'SERVICE' ? behind(node) : node))
      .map((node) => memberOf(node, several));
  }, [pointing.gathered, state.selection, graph, members]);
  const denied = view?.edges.filter(({ edge }) => edge.denied.records > 0).length ?? 0;
  const empty = graph !== null && current && graph.nodes.size === 0;
  const flowing = view?.edges.filter(({ change }) => change?.change !== 'GONE').length ?? 0;
  const clusters = question.clusters;
  const clear = useCallback(() => select(null), [select]);
  const openAlone = useCallback((id: string) => update({ level: 'NAMESPACE', open: [id] }), [update]);
  const { pickEdge } = pointing;
  const pickKnown = useCallback((id: string) => graph?.edges.has(id) && pickEdge(id), [graph, pickEdge]);
  const title = viewTitle('Service graph', graph);
  // Kept, as the bar that they stand in is: opening a namespace draws the picture anew and nothing else.
  const menus = useMemo(
    () => (
      <>
        <ViewsMenu page="GRAPH" state={state} update={update} />
        <ExportMenu
          title={title}
          picture={drawnGraph}
          drawn={isDrawn && !empty}
          graph={model.present}
          ask={answer}
        />
      </>
    ),
    [state, update, title, isDrawn, empty, model.present, answer],
  );
  const { scatter } = pointing;
  const layersMenu = useMemo(
    () => (
      <LayersMenu
        state={state}
        update={update}
        layers={layers}
        placed={layering.placed}
        chosen={together}
        onOpen={() => setListing(true)}
        onSaved={scatter}
      />
    ),
    [state, update, layers, layering.placed, together, scatter],
  );
  const [capturing, setCapturing] = useState<GraphNode | null>(null);
  const named = [...new Set([...(graph?.nodes.values() ?? [])].map(({ cluster }) => cluster))]
    .sort()
    .join(' ');
  const selected =
    state.selection?.type === 'node'
      ? (graph?.nodes.get(state.selection.id) ??
        members.namespace(state.selection.id) ??
        members.find(state.selection.id))
      : undefined;
  const captures = useMemo(
    () => ({
      shown: state.dock === 'captures',
      onTab: (shown: boolean) => update({ dock: shown ? 'captures' : 'flows' }),
      pane: (
        <Suspense fallback={<p className="dock-note t3">Loading</p>}>
          <CapturesPane
            state={state}
            update={update}
            clusters={named ? named.split(' ') : []}
            onCapture={selected && canCapture(selected) ? () => setCapturing(selected) : null}
          />
        </Suspense>
      ),
    }),
    [state, update, named, selected],
  );
  const nodes = view?.nodes.filter((node) => node.type !== 'group').length ?? 0;

  return (
    <div className="graph-page" data-panel={state.selection ? true : undefined}>
      <QueryBar
        state={state}
        clusters={clusters}
        problem={model.filterProblem}
        update={update}
        count={view ? `${plural(nodes, 'node')} · ${plural(flowing, 'edge')}` : ''}
      />
      <div
        className="graph-stage"
        data-stale={(graph && (!current || problem)) || undefined}
        aria-busy={model.fetching && !graph}
      >
        <Toolbar
          state={state}
          denied={denied}
          fresh={fresh?.size ?? null}
          changed={model.changes?.size ?? null}
          update={update}
          onRelayout={layout.relayout}
          layers={layersMenu}
        >
          {menus}
        </Toolbar>
        {state.compare && (
          <ComparedNote state={model.comparing} onStop={() => update({ compare: null, show: 'all' })} />
        )}
        {!graph && !problem && <GraphSkeleton />}
        {!empty && (
          <Stage
            state={state}
            model={model}
            layout={layout}
            spotlight={spotlight}
            pointing={pointing}
            instead={instead}
            overview={overview}
            scope={scope}
            select={select}
            openAlone={openAlone}
            canvas={canvas}
          />
        )}
        {empty && (
          <NoFlows
            filtered={question.filter !== null}
            otherTimes={alerts.length > 0 || state.from !== 'now-30m'}
            onRemove={() => update({ query: '', namespaces: [], layers: [] })}
            onWiden={() => update({ from: 'now-24h', to: 'now' })}
          />
        )}
        {problem && !problem.isFilter && (
          <GraphProblem problem={problem} asOf={graph?.asOf ?? null} onRetry={model.retry} />
        )}
        {graph?.truncated && (
          <p className="graph-truncated">
            Only the busiest {exact(MOST_EDGES)} edges are shown. Filter to see the rest.
          </p>
        )}
        <Summary view={view} />
      </div>
      <Scrubber
        range={question.range}
        compared={model.comparing.comparison}
        ready={current}
        clusters={clusters}
        filter={question.filter}
        alerts={alerts}
        onRange={update}
        onAlert={openAlert}
      />
      <Dock
        range={question.range}
        clusters={clusters}
        filter={allOf([question.filter, chosen.filter])}
        selection={chosen.words}
        onClearSelection={clear}
        onPickEdge={pickKnown}
        captures={captures}
      />
      {capturing && (
        <Suspense fallback={null}>
          <PrepareCapture
            target={capturing.id}
            name={nameIn(capturing)}
            onClose={() => setCapturing(null)}
            onApplied={() => {
              setCapturing(null);
              update({ dock: 'captures', capture: null });
            }}
          />
        </Suspense>
      )}
      {state.selection && (
        <SelectionPanel
          selection={state.selection}
          model={model}
          compare={state.compare}
          opened={state.open}
          onSelect={select}
          onToggle={toggleId}
          onCapture={setCapturing}
        />
      )}
    </div>
  );
}
