import { useEffect, useMemo, useState } from 'react';
import { ServiceEdgeDocument } from '../api/edge';
import type { ApiProblem } from '../api/errors';
import { useAsk } from '../api/use-ask';
import type { Graph } from '../domain/graph';
import { isLive } from '../domain/time';
import type { UrlState } from '../domain/url-state';
import { useMatching } from '../graph/use-matching';
import { type Question, useServiceGraph } from '../graph/use-service-graph';
import { allOf, inNamespaces } from '../kql/build';
import { portRing } from './ports';
import { buildRing, type Ring } from './ring';
import { focusOf, foldOf, readSteps, type Step } from './zoom';

/** Above these every namespace is one arc until it is entered. */
const MOST_NAMES = 160;
const MOST_EDGES = 900;

export interface RingModel {
  question: Question;
  steps: Step[];
  graph: Graph | null;
  ring: Ring | null;
  /** Whether names were too many, so that namespaces stand for them. */
  crowded: boolean;
  current: boolean;
  fetching: boolean;
  problem: ApiProblem | null;
  filterProblem: ApiProblem | null;
  retry: () => void;
  matching: ReadonlySet<string> | null;
  seconds: number;
}

const tooMany = (graph: Graph): boolean =>
  graph.truncated || graph.nodes.size > MOST_NAMES || graph.edges.size > MOST_EDGES;

/** From the address to the ring: the questions, their answers, and what they draw. */
export function useRing(state: UrlState): RingModel {
  const { from, to, cluster, status } = state;
  const zoom = state.zoom.join('\n');
  const steps = useMemo(() => readSteps(zoom ? zoom.split('\n') : []), [zoom]);
  const namespaces = inNamespaces(state.namespaces);
  const filter = allOf([namespaces, state.highlight ? null : state.query]);
  const scope = JSON.stringify([from, to, cluster, filter]);
  const [crowd, setCrowd] = useState<string | null>(null);
  const crowded = crowd === scope;
  const question = useMemo<Question>(
    () => ({ range: { from, to }, clusters: cluster ? [cluster] : null, ...foldOf(steps, crowded), filter }),
    [from, to, cluster, steps, crowded, filter],
  );
  const { graph, current, fetching, problem, retry } = useServiceGraph(question);
  const unfolded = question.level === 'WORKLOAD' && graph !== null && tooMany(graph);
  useEffect(() => {
    if (current && unfolded) setCrowd(scope);
  }, [current, unfolded, scope]);
  const matching = useMatching(question, state.highlight ? allOf([namespaces, state.query]) : null);

  const focus = focusOf(steps);
  const flow = focus?.type === 'edge' ? focus.id : null;
  const asked = useMemo(
    () => (flow ? { id: flow, range: { from, to }, filter } : null),
    [flow, from, to, filter],
  );
  const detail = useAsk(ServiceEdgeDocument, asked, isLive({ from, to }) ? 10_000 : 0);
  const edge = detail.data?.serviceEdge;

  const ring = useMemo(() => {
    if (!graph || unfolded) return null;
    if (!flow) return buildRing(graph, steps, status);
    return edge?.id === flow ? portRing(edge, graph, status) : null;
  }, [graph, unfolded, steps, status, flow, edge]);
  const gone = flow !== null && detail.current && edge === null;

  return {
    question,
    steps,
    graph,
    ring: gone ? NOTHING : ring,
    crowded,
    current: current && (flow === null || detail.current),
    fetching,
    problem: problem ?? (flow ? detail.problem : null),
    filterProblem: problem?.isFilter ? problem : matching.problem,
    retry: problem ? retry : detail.retry,
    matching: matching.ids,
    seconds: graph ? Math.max(1, (Date.parse(graph.to) - Date.parse(graph.from)) / 1000) : 1,
  };
}

const NOTHING: Ring = { groups: [], arcs: [], links: [] };
