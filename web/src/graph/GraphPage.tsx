import './graph.css';
import './nodes/nodes.css';
import './edges/edges.css';
import './panel/panel.css';
import { useCallback, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import { useAlerts } from '../alerts/AlertsProvider';
import { useOpenAlert } from '../alerts/use-open-alert';
import { displayName } from '../domain/names';
import { attempts } from '../domain/traffic';
import type { Selection } from '../domain/url-state';
import { allOf, between, inNamespaces, touching } from '../kql/build';
import { Dock } from '../logs-dock/Dock';
import { Scrubber } from '../scrubber/Scrubber';
import { directory } from '../shell/directory';
import { useUrlState } from '../shell/use-url-state';
import { buildView } from './build-view';
import { type CanvasHandle, GraphCanvas } from './GraphCanvas';
import { GraphProblem, NoFlows } from './GraphStates';
import { Legend } from './Legend';
import type { NodeActions } from './nodes/GraphNodeView';
import { EdgePanel } from './panel/EdgePanel';
import { NodePanel } from './panel/NodePanel';
import { SidePanel } from './panel/SidePanel';
import { QueryBar } from './QueryBar';
import { Summary } from './Summary';
import { TableTwin } from './TableTwin';
import { Toolbar } from './Toolbar';
import { useFresh, useMembers } from './use-background';
import { useGraphKeys } from './use-graph-keys';
import { useLayout } from './use-layout';
import { useMatching } from './use-matching';
import { type Question, useServiceGraph } from './use-service-graph';
import { useSmall } from './use-small';
import { useSpotlight } from './use-spotlight';
import type { ViewNode } from './view';

/** Above this many drawn elements the picture would be a hairball; the table tells the same. */
const DRAWABLE = 620;

export function GraphPage() {
  const [state, update] = useUrlState();
  const { all: alerts } = useAlerts();
  const openAlert = useOpenAlert();
  const small = useSmall();
  const [hover, setHover] = useState<{ type: 'node' | 'edge'; id: string } | null>(null);
  const [focused, setFocused] = useState<string | null>(null);
  const canvas = useRef<CanvasHandle>(null);

  const clusters = useMemo(() => (state.cluster ? [state.cluster] : null), [state.cluster]);
  const scope = inNamespaces(state.namespaces);
  const filter = allOf([scope, state.highlight ? null : state.query]);
  const openKey = state.open.join('\n');
  // biome-ignore lint/correctness/useExhaustiveDependencies: openKey stands for the list of open namespaces
  const question = useMemo<Question>(
    () => ({
      range: { from: state.from, to: state.to },
      clusters,
      level: state.level,
      expand: state.open,
      filter,
    }),
    [state.from, state.to, clusters, state.level, openKey, filter],
  );
  const { graph, current, fetching, problem, retry } = useServiceGraph(question);
  const members = useMembers(question, graph !== null);
  const fresh = useFresh(question, graph);
  const matching = useMatching(question, state.highlight ? allOf([scope, state.query]) : null);

  const seconds = graph ? Math.max(1, (Date.parse(graph.to) - Date.parse(graph.from)) / 1000) : 1;
  const inRange = useMemo(() => {
    const [from, to] = graph ? [Date.parse(graph.from), Date.parse(graph.to)] : [0, 0];
    return (alerts ?? []).filter((alert) => alert.time >= from && alert.time <= to + 60_000);
  }, [alerts, graph]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: openKey stands for the list of open namespaces
  const open = useMemo(() => new Set(state.open), [openKey]);
  const built = useMemo(
    () =>
      graph &&
      buildView(graph, {
        measure: state.measure,
        seconds,
        open,
        members,
        alerts: inRange,
        fresh: fresh,
        infra: state.infra,
      }),
    [graph, state.measure, seconds, open, members, inRange, fresh, state.infra],
  );
  const view = useDeferredValue(built);
  const tooMany = view !== null && view.nodes.length + view.edges.length > DRAWABLE;
  const asTable = state.view === 'table' || tooMany || small;

  const layoutScope = JSON.stringify([state.cluster, state.infra === 'hidden', filter, state.level]);
  const layout = useLayout(asTable ? null : view, current, layoutScope, state.open);
  const drawn = asTable ? null : view;
  const spotlight = useSpotlight({
    view: drawn,
    hover,
    selection: state.selection,
    show: state.show,
    matching: matching.ids,
  });

  const select = useCallback((selection: Selection | null) => update({ selection }), [update]);
  const toggle = useCallback(
    (node: ViewNode) => {
      const id = node.type === 'workload' ? node.parent : node.nodeId;
      if (!id || (node.type !== 'namespace' && node.type !== 'group' && node.type !== 'workload')) return;
      const isOpen = state.open.includes(id);
      update({ open: isOpen ? state.open.filter((each) => each !== id) : [...state.open, id] });
      if (isOpen) setFocused(id);
    },
    [state.open, update],
  );
  const pick = useCallback((node: ViewNode) => select({ type: 'node', id: node.nodeId }), [select]);
  const pickEdge = useCallback((id: string) => select({ type: 'edge', id }), [select]);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const point = useCallback((next: typeof hover) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setHover(next), next ? 120 : 40);
  }, []);
  const actions = useMemo<NodeActions>(
    () => ({ pick, toggle, hover: (id) => point(id ? { type: 'node', id } : null), focus: setFocused }),
    [pick, toggle, point],
  );
  const hoverEdge = useCallback((id: string | null) => point(id ? { type: 'edge', id } : null), [point]);
  useGraphKeys({
    state,
    update,
    view: drawn,
    rects: layout.rects,
    focused,
    canvas,
    toggle,
    pick,
    relayout: layout.relayout,
  });

  useEffect(() => {
    const known = graph
      ? [...new Map([...graph.nodes.values(), ...members.all()].map((node) => [node.id, node])).values()]
      : [];
    directory.replace(
      known.map((node) => ({
        id: node.id,
        label: displayName(node.kind, node.name),
        note: node.kind === 'WORKLOAD' ? (node.namespace ?? '') : node.kind.toLowerCase().replace('_', ' '),
        parent: node.kind === 'NAMESPACE' ? null : node.parentId,
      })),
    );
  }, [graph, members]);

  const selectedEdge = state.selection?.type === 'edge' ? graph?.edges.get(state.selection.id) : undefined;
  const selectedNode =
    state.selection?.type === 'node'
      ? (graph?.nodes.get(state.selection.id) ?? members.find(state.selection.id))
      : undefined;
  const ends =
    selectedEdge && graph
      ? ([graph.nodes.get(selectedEdge.source), graph.nodes.get(selectedEdge.target)] as const)
      : null;
  const chosen =
    ends?.[0] && ends[1] ? between(ends[0], ends[1]) : selectedNode ? touching(selectedNode) : null;
  const nameOf = (node: typeof selectedNode) =>
    node
      ? node.kind === 'WORKLOAD'
        ? `${node.namespace}/${displayName(node.kind, node.name)}`
        : displayName(node.kind, node.name)
      : '';
  const chosenWords =
    ends?.[0] && ends[1]
      ? `${nameOf(ends[0])} to ${nameOf(ends[1])}`
      : selectedNode
        ? nameOf(selectedNode)
        : null;

  const denied = view?.edges.filter((edge) => edge.verdict !== 'allowed').length ?? 0;
  const empty = graph !== null && current && graph.nodes.size === 0;
  const filterProblem = problem?.isFilter ? problem : (matching.problem ?? null);

  return (
    <div className="graph-page" data-panel={state.selection ? true : undefined}>
      <QueryBar state={state} clusters={clusters} problem={filterProblem} update={update} view={view} />
      <div
        className="graph-stage"
        data-stale={(graph && (!current || problem)) || undefined}
        aria-busy={fetching && !graph}
      >
        <Toolbar
          state={state}
          denied={denied}
          fresh={fresh?.size ?? null}
          update={update}
          onRelayout={layout.relayout}
        />
        {graph && !empty && asTable && (
          <TableTwin
            graph={graph}
            fresh={fresh}
            keep={(edge) =>
              state.show === 'denied'
                ? attempts(edge.denied) > 0
                : state.show !== 'new' || Boolean(fresh?.has(edge.id))
            }
            selected={state.selection?.id ?? null}
            note={
              tooMany && state.view !== 'table'
                ? `${view.nodes.length} nodes and ${view.edges.length} edges are too many to draw legibly. Close namespaces or filter to see the graph.`
                : small && state.view !== 'table'
                  ? 'This window is narrow, so the graph is shown as a table.'
                  : null
            }
            onPick={pickEdge}
          />
        )}
        {!asTable && drawn && !empty && layout.rects.size > 0 && (
          <>
            <GraphCanvas
              view={drawn}
              layout={layout}
              spotlight={spotlight}
              selection={state.selection}
              seconds={seconds}
              focused={focused}
              dimmed={state.infra === 'dimmed'}
              actions={actions}
              onHoverEdge={hoverEdge}
              onPickEdge={pickEdge}
              onClear={() => state.selection && select(null)}
              handle={canvas}
            />
            <Legend measure={state.measure} />
          </>
        )}
        {empty && (
          <NoFlows
            filtered={filter !== null}
            otherTimes={(alerts?.length ?? 0) > 0 || state.from !== 'now-30m'}
            onRemove={() => update({ query: '', namespaces: [] })}
            onWiden={() => update({ from: 'now-24h', to: 'now' })}
          />
        )}
        {problem && !problem.isFilter && (
          <GraphProblem problem={problem} asOf={graph?.asOf ?? null} onRetry={retry} />
        )}
        {graph?.truncated && (
          <p className="graph-truncated">Only the busiest 5,000 edges are shown. Filter to see the rest.</p>
        )}
        <Summary view={view} />
      </div>
      <Scrubber
        range={state}
        clusters={clusters}
        filter={filter}
        alerts={alerts ?? []}
        onRange={(range) => update(range)}
        onAlert={openAlert}
      />
      <Dock
        range={state}
        clusters={clusters}
        filter={allOf([filter, chosen])}
        selection={chosenWords}
        onClearSelection={() => select(null)}
        onPickEdge={(id) => (graph?.edges.has(id) ? pickEdge(id) : undefined)}
      />
      {state.selection && (
        <SidePanel
          title={state.selection.type === 'edge' ? 'Selected edge' : 'Selected node'}
          onClose={() => select(null)}
        >
          {state.selection.type === 'edge' ? (
            <EdgePanel
              id={state.selection.id}
              range={question.range}
              filter={filter}
              isNew={fresh?.has(state.selection.id) ?? false}
              onPickNode={(id) => select({ type: 'node', id })}
            />
          ) : graph && selectedNode ? (
            <NodePanel
              graph={graph}
              node={selectedNode}
              seconds={seconds}
              onPickEdge={pickEdge}
              isOpen={open.has(selectedNode.id)}
              onToggle={
                selectedNode.kind === 'NAMESPACE'
                  ? () =>
                      update({
                        open: open.has(selectedNode.id)
                          ? state.open.filter((id) => id !== selectedNode.id)
                          : [...state.open, selectedNode.id],
                      })
                  : null
              }
            />
          ) : (
            <p className="panel-note">{graph ? 'This node had no flows in this range.' : 'Loading'}</p>
          )}
        </SidePanel>
      )}
    </div>
  );
}
