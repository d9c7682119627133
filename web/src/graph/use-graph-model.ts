import { useMemo, useRef } from 'react';
import type { ApiProblem } from '../api/errors';
import type { Alert } from '../domain/alert';
import { type Compared, type Comparison, changesOf, withGone } from '../domain/comparison';
import type { Graph } from '../domain/graph';
import type { Show, UrlState } from '../domain/url-state';
import { allOf, inNamespaces } from '../kql/build';
import { DNS } from '../layers/layer';
import type { Layering } from '../layers/use-layering';
import { buildView } from './build-view';
import type { Members } from './groups';
import { type Figures, labelling } from './labels';
import { useFresh, useMembers } from './use-background';
import { type ComparisonState, useComparison } from './use-comparison';
import { useFigures } from './use-figures';
import { useDimmed, useMatching } from './use-matching';
import { type Question, useServiceGraph } from './use-service-graph';
import { reuse, type View } from './view';

export interface GraphModel {
  question: Question;
  /** While it is compared, with what is gone since. */
  graph: Graph | null;
  /** Without that. */
  present: Graph | null;
  comparing: ComparisonState;
  comparison: Comparison | null;
  /** Edges that are not as they were; null where nothing is compared. */
  changes: ReadonlyMap<string, Compared> | null;
  view: View | null;
  current: boolean;
  fetching: boolean;
  problem: ApiProblem | null;
  filterProblem: ApiProblem | null;
  retry: () => void;
  members: Members;
  fresh: ReadonlySet<string> | null;
  matching: ReadonlySet<string> | null;
  /** Edges of lookups in the cluster's DNS, where these step forward. */
  dns: ReadonlySet<string> | null;
  /** Which edges step forward; changes only where something is compared. */
  show: Show;
  /** What logs tell of edges, where labels want it; and why not. */
  figures: Figures | null;
  unlabelled: ApiProblem | null;
  /** The length of the window that the numbers stand for. */
  seconds: number;
}

/** From the address to what is drawn: the question, its answers, and the view of them. */
export function useGraphModel(state: UrlState, alerts: readonly Alert[], layers: Layering): GraphModel {
  const scope = allOf([inNamespaces(state.namespaces), layers.without]);
  const filter = allOf([scope, state.highlight ? null : state.query]);
  const { from, to, cluster, level, open, measure, label } = state;
  const range = useMemo(() => ({ from, to }), [from, to]);
  const clusters = useMemo(() => (cluster ? [cluster] : null), [cluster]);
  const question = useMemo<Question>(
    () => ({ range, clusters, level, expand: open, filter }),
    [range, clusters, level, open, filter],
  );
  const { graph: present, current, fetching, problem, retry } = useServiceGraph(question, layers.known);
  const comparing = useComparison(question, state.compare);
  const comparison = comparing.comparison?.comparable ? comparing.comparison : null;
  const graph = useMemo(
    () => (present && comparison ? withGone(present, comparison) : present),
    [present, comparison],
  );
  const changes = useMemo(
    () => (present && comparison ? changesOf(present, comparison) : null),
    [present, comparison],
  );
  const members = useMembers(question, present !== null);
  const fresh = useFresh(question, present);
  const matching = useMatching(question, state.highlight ? allOf([scope, state.query]) : null);
  const dns = useMatching(question, state.show === 'dns' ? allOf([filter, DNS.filter]) : null);
  const dimmed = useDimmed(question, layers.faint);

  const { figures, problem: unlabelled } = useFigures(question, label, present !== null);

  const start = graph ? Date.parse(graph.from) : 0;
  const end = graph ? Date.parse(graph.to) : 0;
  const seconds = Math.max(1, (end - start) / 1000);
  const inRange = useMemo(
    () => alerts.filter((alert) => alert.time >= start && alert.time <= end + 60_000),
    [alerts, start, end],
  );
  const opened = useMemo(() => new Set(open), [open]);
  const before = useRef<View | null>(null);
  const view = useMemo(() => {
    if (!graph) return null;
    const next = buildView(graph, {
      measure,
      label: labelling(label, measure, seconds, figures),
      seconds,
      level,
      open: opened,
      members,
      alerts: inRange,
      fresh,
      standing: layers.standing,
      dimmed: dimmed.ids,
      changes,
    });
    return reuse(before.current, next);
  }, [
    graph,
    changes,
    measure,
    label,
    figures,
    seconds,
    level,
    opened,
    members,
    inRange,
    fresh,
    layers.standing,
    dimmed.ids,
  ]);
  before.current = view;

  return {
    question,
    graph,
    present,
    comparing,
    comparison,
    changes,
    view,
    current,
    fetching,
    problem,
    filterProblem: problem?.isFilter ? problem : (matching.problem ?? dimmed.problem),
    retry,
    members,
    fresh,
    matching: matching.ids,
    dns: dns.ids,
    show: state.show === 'changed' && !changes ? 'all' : state.show,
    figures,
    unlabelled,
    seconds,
  };
}
