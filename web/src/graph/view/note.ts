import type { GraphNode } from '../../domain/graph';
import { kindWord } from '../../domain/names';
import { addTraffic, NOTHING } from '../../domain/traffic';
import { plural, rate, short } from '../../domain/units';
import type { Role } from '../view';
import type { Totals } from './totals';

/** The words for kind and traffic below a node's name. */
export function noteOf(node: GraphNode, role: Role, sums: Totals | undefined, seconds: number): string {
  const all = sums ? addTraffic(sums.allowed, sums.denied) : NOTHING;
  const pace =
    all.connections === null
      ? plural(all.records, 'record')
      : `${rate(all.connections, seconds, short)} conn`;
  const tidy = pace.replace(/\/(\w+) conn$/, ' conn/$1');
  if (node.kind === 'SERVICE') return `${plural(node.members ?? 0, 'workload')} · ${tidy}`;
  if (node.kind === 'NAMESPACE' || node.kind === 'WORKLOAD') return tidy;
  if (role === 'source') return node.kind === 'NETWORK' ? 'inbound' : kindWord(node.kind);
  if (node.parentId) return kindWord(node.kind);
  return `${kindWord(node.kind)} · ${tidy}`;
}
