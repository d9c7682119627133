/** One flow as a ring: its two ends, and the ports of the called one as arcs. */
import { readNode } from '../api/graph';
import type { Graph, GraphNode } from '../domain/graph';
import { displayName, splitHash, visible } from '../domain/names';
import type { Status } from '../domain/ring-state';
import { NOTHING, readTraffic } from '../domain/traffic';
import type { ServiceEdgeQuery } from '../gql/graphql';
import { type Arc, add, arranged, type Group, groupOf, groupsOf, type Link, type Ring, shows } from './ring';

export type EdgeDetail = NonNullable<ServiceEdgeQuery['serviceEdge']>;
/** As many as the detail of an edge tells. */
export const MOST_PORTS = 12;

const nameOf = ({ kind, name }: GraphNode): string =>
  kind === 'WORKLOAD' ? splitHash(name).base : displayName(kind, name);

export function portRing(detail: EdgeDetail, graph: Graph, status: Status): Ring {
  const [source, target] = [readNode(detail.source), readNode(detail.target)];
  const known = groupsOf(graph);
  const colourOf = (id: string) => known.get(id)?.colour ?? 'pass';
  const caller = 'from';
  const called = 'to';
  const groups: Group[] = [
    {
      id: caller,
      name: nameOf(source),
      namespace: null,
      colour: colourOf(groupOf(source)),
    },
    {
      id: called,
      name: nameOf(target),
      namespace: null,
      colour: colourOf(groupOf(target)),
    },
  ];
  const blank = (id: string, group: string, kind: Arc['kind'], name: string): Arc => ({
    id,
    group,
    kind,
    name,
    allowed: NOTHING,
    denied: NOTHING,
  });
  // A flow of a node with itself has the node at both ends.
  const from = `${caller}:${source.id}`;
  let opener = blank(from, caller, source.kind, nameOf(source));
  const arcs: Arc[] = [];
  const links: Link[] = [];
  for (const port of detail.ports) {
    const name = `${visible(port.protocol ?? 'any')}/${port.port ?? 'any'}`;
    let arc = blank(`port:${name}`, called, 'PORT', name);
    for (const verdict of ['allowed', 'denied'] as const) {
      const traffic = readTraffic(port[verdict]);
      if (!shows(status, verdict) || traffic.records === 0) continue;
      const id = `${arc.id} ${verdict}`;
      const link: Link = { id, edge: detail.id, source: from, target: arc.id, verdict, traffic };
      links.push(link);
      arc = add(arc, link);
      opener = add(opener, link);
    }
    arcs.push(arc);
  }
  const joined = arcs.filter((arc) => arc.allowed.records + arc.denied.records > 0);
  return arranged(
    new Map(groups.map((group) => [group.id, group])),
    links.length ? [opener, ...joined] : [],
    links,
  );
}
