import { createContext, useContext } from 'react';
import type { SearchParams } from '../domain/search-params';
import type { AskedRange } from '../domain/time';
import { DEFAULTS, encode, type UrlState } from '../domain/url-state';
import type { Widget } from './document';
import { recordKind } from './document';
import { type Drill, drillTo, type Mark } from './drill';
import type { Scope } from './question';

/** What every widget needs of its dashboard: where a mark leads, and how a brush sets the range. */
export interface Board {
  state: UrlState;
  scope: Scope;
  onRange: (range: AskedRange) => void;
}

export const BoardContext = createContext<Board | null>(null);

export function useBoard(): Board {
  const board = useContext(BoardContext);
  if (!board) throw new Error('useBoard needs a BoardContext above it.');
  return board;
}

export interface Target {
  to: '/logs' | '/alerts';
  search: SearchParams;
}

/** The logs behind a mark. Alerts have a page of their own. */
export function targetOf(board: Board, widget: Widget, mark: Mark): Target {
  const drill: Drill = drillTo(widget, mark, board.scope);
  const { cluster, namespaces } = board.state;
  const base = { ...DEFAULTS, cluster, namespaces, query: drill.query, from: drill.from, to: drill.to };
  const kind = recordKind(drill.kind);
  if (kind === 'ALERTS') return { to: '/alerts', search: encode(base) };
  return { to: '/logs', search: encode({ ...base, kind }) };
}
