import { attempts } from '../../domain/traffic';
import type { View, ViewNode } from '../view';
import { CARD, type Size, sizeOf } from './size';

export interface PlanNode extends Size {
  id: string;
}
export interface PlanLink {
  source: string;
  target: string;
  weight: number;
}
/** What a layout of the whole needs to know: everything folded; callers, called and infra apart. */
export interface Plan {
  inner: PlanNode[];
  sources: PlanNode[];
  sinks: PlanNode[];
  infra: PlanNode[];
  links: PlanLink[];
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** Deterministic: the same view gives the same plan, whatever order its nodes arrived in. */
export function planOf(view: View): Plan {
  const top = view.nodes.filter((node) => node.parent === null);
  const order = [...top].sort((a, b) => compare(a.name, b.name) || compare(a.id, b.id));
  const main = order.filter((node) => !node.infra);
  const parents = new Map(view.nodes.map((node) => [node.id, node.parent ?? node.id]));
  const inMain = new Set(main.map((node) => node.id));
  const links = new Map<string, PlanLink>();
  for (const { source, target, edge } of view.edges) {
    const [from, to] = [parents.get(source), parents.get(target)];
    if (!from || !to || from === to || !inMain.has(from) || !inMain.has(to)) continue;
    const key = `${from}\n${to}`;
    const link = links.get(key) ?? { source: from, target: to, weight: 0 };
    link.weight += attempts(edge.allowed) + attempts(edge.denied);
    links.set(key, link);
  }
  return {
    inner: main.filter((node) => node.role === 'both').map(planNode),
    sources: main.filter((node) => node.role === 'source').map(planNode),
    sinks: main.filter((node) => node.role === 'target').map(planNode),
    infra: order.filter((node) => node.infra).map(planNode),
    links: [...links.values()]
      .filter(heavier(links))
      .sort((a, b) => compare(a.source, b.source) || compare(a.target, b.target)),
  };
}

function planNode(node: ViewNode): PlanNode {
  // Everything is laid out folded: opening is done in place, and must not move the rest.
  return { id: node.id, ...(node.type === 'group' ? CARD : sizeOf(node)) };
}

/** Of two that call each other, the busier way says who stands at the left. */
const heavier = (links: ReadonlyMap<string, PlanLink>) => (link: PlanLink) => {
  const back = links.get(`${link.target}\n${link.source}`);
  return !back || link.weight > back.weight || (link.weight === back.weight && link.source < link.target);
};
