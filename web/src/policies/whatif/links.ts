/** From a flip to the graph and to its flow logs: as patches of the address. */
import type { FlipNode } from '../../api/simulation';
import type { GraphNode } from '../../domain/graph';
import { isoSeconds, resolve } from '../../domain/time';
import type { UrlState } from '../../domain/url-state';
import { allOf, between } from '../../kql/build';
import { phrase } from '../../kql/quote';

/** More ends would make a filter that nobody reads. */
const MOST_ENDS = 12;

const nodeOf = (node: FlipNode['source']): GraphNode => ({
  ...node,
  namespace: node.namespace ?? null,
  parentId: node.parentId ?? null,
  members: node.members ?? null,
});

const endsOf = ({ source, target }: FlipNode): string => between(nodeOf(source), nodeOf(target)) ?? '';

/** The records that a flip stands for, and no others of its range. */
export function toLogs(flip: FlipNode, range: { from: string; to: string }): Partial<UrlState> {
  const port = flip.port === null || flip.port === undefined ? null : `dest_port : ${flip.port}`;
  const protocol = flip.protocol ? `proto : ${phrase(flip.protocol)}` : null;
  return { ...range, kind: 'FLOWS', query: allOf([endsOf(flip), port, protocol]) ?? '' };
}

/** The graph of the flipped edges; the chosen one is selected there. */
export function toGraph(flips: readonly FlipNode[], chosen: FlipNode | null): Partial<UrlState> {
  const ends = [...new Set(flips.map(endsOf))].slice(0, MOST_ENDS);
  const query = ends.length > 1 ? ends.map((each) => `(${each})`).join(' or ') : (ends[0] ?? '');
  return {
    level: 'WORKLOAD',
    query,
    selection: chosen ? { type: 'edge', id: chosen.edgeId } : null,
  };
}

/** A range that later looks find the same records in. */
export function settled(range: { from: string; to: string }): { from: string; to: string } {
  const point = (text: string, up: boolean) => {
    const moment = resolve(text, Date.now());
    return moment === null ? text : isoSeconds(up ? Math.ceil(moment / 1000) * 1000 : moment);
  };
  return { from: point(range.from, false), to: point(range.to, true) };
}
