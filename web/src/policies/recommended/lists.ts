/** What would be denied and what was left out, as CSV. */
import type { Lost, Unlearnt } from '../../api/recommendation';
import type { Tabular } from '../../dashboards/tabular';
import { deciderOf, WHY } from './model';

function tabular(
  titles: readonly string[],
  rows: readonly { names: string[]; connections: string }[],
): Tabular {
  return {
    timed: false,
    columns: [...titles, 'Connections'].map((title) => ({ id: title, title, unit: null })),
    groups: titles.length,
    truncated: false,
    rows: rows.map(({ names, connections }, at) => ({
      id: String(at),
      start: null,
      keys: names,
      names,
      values: [Number(connections)],
      from: 0,
      to: 0,
      rest: false,
    })),
  };
}

const path = ({ source, target, protocol, port }: Unlearnt | Lost): string[] => [
  source ?? '',
  target ?? '',
  protocol ?? '',
  port === null || port === undefined ? '' : String(port),
];
const PATH = ['Source', 'Destination', 'Protocol', 'Port'];

export const lostTable = (lost: readonly Lost[]): Tabular =>
  tabular(
    [...PATH, 'First seen', 'Last seen', 'Denied by'],
    lost.map((each) => ({
      names: [...path(each), each.firstSeen, each.lastSeen, deciderOf(each.decidedBy)],
      connections: each.connections,
    })),
  );

export const leftOutTable = (left: readonly Unlearnt[]): Tabular =>
  tabular(
    [...PATH, 'Why'],
    left.map((each) => ({ names: [...path(each), WHY[each.why]], connections: each.connections })),
  );
