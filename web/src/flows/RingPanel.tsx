import './panel.css';
import '../graph/panel/panel.css';
import { useMemo } from 'react';
import type { Listed } from '../domain/ring-state';
import type { Traffic } from '../domain/traffic';
import type { Selection, UrlState } from '../domain/url-state';
import { chosenFlows, nameIn } from '../graph/chosen';
import { EdgePanel } from '../graph/panel/EdgePanel';
import { NodePanel } from '../graph/panel/NodePanel';
import { SidePanel } from '../graph/panel/SidePanel';
import { allOf } from '../kql/build';
import { RingList } from './RingList';
import { sumOf } from './rates';
import { groupOf, within } from './ring';
import { Trends } from './Trends';
import type { RingModel } from './use-ring';
import type { PageActions } from './use-ring-actions';
import type { useRingPointing } from './use-ring-pointing';
import { useTrend } from './use-trend';
import { namespaceIn } from './zoom';

interface Props {
  state: UrlState;
  model: RingModel;
  pointing: ReturnType<typeof useRingPointing>;
  actions: PageActions;
  onSelect: (selection: Selection | null) => void;
  onList: (list: Listed) => void;
}

/** Rates of what is chosen, or of all that is shown; below them what it is, or a list to choose from. */
export function RingPanel({ state, model, pointing, actions, onSelect, onList }: Props) {
  const { graph, question, steps, seconds } = model;
  const focus = steps.at(-1);
  const about = useMemo<Selection | null>(() => {
    if (state.selection) return state.selection;
    return focus ? { type: focus.type === 'edge' ? 'edge' : 'node', id: focus.id } : null;
  }, [state.selection, focus]);
  const find = (id: string) => (graph ? (namespaceIn(graph, id) ?? undefined) : undefined);
  const chosen = chosenFlows(about, graph, find);
  const trend = useTrend(question, allOf([question.filter, chosen.filter]));
  const rates = useMemo(() => totals(model, about), [model, about]);
  const trends = <Trends allowed={rates.allowed} denied={rates.denied} seconds={seconds} trend={trend} />;

  if (about?.type === 'edge') {
    return (
      <SidePanel title="Selected flow" onClose={() => (state.selection ? onSelect(null) : actions.leave())}>
        {trends}
        {focus?.id !== about.id && <GoIn words="Show its ports" onGo={() => actions.enterLink(about.id)} />}
        <EdgePanel
          id={about.id}
          range={question.range}
          filter={question.filter}
          isNew={false}
          compare={null}
          onPickNode={(id) => onSelect({ type: 'node', id })}
        />
      </SidePanel>
    );
  }
  if (state.selection) {
    const node = graph ? namespaceIn(graph, state.selection.id) : null;
    return (
      <SidePanel title="Selected name" onClose={() => onSelect(null)}>
        {trends}
        {graph && node ? (
          <>
            {focus?.id !== node.id && (
              <GoIn
                words={`Go into ${nameIn(node)}`}
                onGo={() =>
                  graph.nodes.has(node.id) ? actions.enterArc(node.id) : actions.enterGroup(node.id)
                }
              />
            )}
            <NodePanel
              graph={graph}
              node={node}
              isOpen={false}
              onPickEdge={(id) => onSelect({ type: 'edge', id })}
              onToggle={null}
            />
          </>
        ) : (
          <p className="panel-note">{graph ? 'This name had no flows in this range.' : 'Loading'}</p>
        )}
      </SidePanel>
    );
  }
  return (
    <aside className="side-panel ring-panel" aria-label="Rates" data-testid="ring-panel">
      <header>
        <h2>Rates for {chosen.words ?? 'the whole cluster'}</h2>
      </header>
      <div className="panel-body">
        {trends}
        <RingList state={state} model={model} pointing={pointing} actions={actions} onList={onList} />
      </div>
    </aside>
  );
}

function GoIn({ words, onGo }: { words: string; onGo: () => void }) {
  return (
    <button type="button" className="button small go-in" onClick={onGo} data-testid="ring-go-in">
      <span className="cut">{words}</span>
    </button>
  );
}

/** Every edge that touches it, each once. */
function totals({ graph, steps }: RingModel, about: Selection | null): { allowed: Traffic; denied: Traffic } {
  const all = graph ? within(graph, steps) : [];
  const inside = (id: string) => {
    const node = graph?.nodes.get(id);
    return id === about?.id || (node !== undefined && groupOf(node) === about?.id);
  };
  const edges = !about
    ? all
    : about.type === 'edge'
      ? all.filter(({ id }) => id === about.id)
      : all.filter(({ source, target }) => inside(source) || inside(target));
  return {
    allowed: sumOf(edges.map((edge) => edge.allowed)),
    denied: sumOf(edges.map((edge) => edge.denied)),
  };
}
