import { useCallback } from 'react';
import type { Alert } from '../domain/alert';
import { isoSeconds } from '../domain/time';
import { useUrlState } from '../shell/use-url-state';

const BEFORE = 25 * 60_000;
const AFTER = 5 * 60_000;

/** Opens the graph at an alert's edge and moment. A moment still under way is followed live. */
export function useOpenAlert(): (alert: Alert) => void {
  const [state, update] = useUrlState();
  return useCallback(
    (alert: Alert) => {
      const recent = Date.now() - alert.time < BEFORE;
      const range = recent
        ? { from: 'now-30m', to: 'now' }
        : { from: isoSeconds(alert.time - BEFORE), to: isoSeconds(alert.time + AFTER) };
      // The edge is between workloads, which are only drawn in open namespaces.
      const parents = [alert.source?.parentId, alert.target?.parentId].filter((id): id is string =>
        Boolean(id),
      );
      const edge = alert.edgeId ? ({ type: 'edge', id: alert.edgeId } as const) : null;
      const node = alert.source ? ({ type: 'node', id: alert.source.id } as const) : null;
      update(
        {
          ...range,
          alert: null,
          query: '',
          show: 'all',
          view: 'graph',
          cluster: state.cluster,
          namespaces: [],
          open: [...new Set([...state.open, ...parents])],
          selection: edge ?? node,
        },
        { to: '/' },
      );
    },
    [state.cluster, state.open, update],
  );
}
