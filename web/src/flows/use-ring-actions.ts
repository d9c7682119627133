import { useMemo } from 'react';
import type { UrlState } from '../domain/url-state';
import type { Update } from '../shell/use-url-state';
import type { RingActions } from './RingCanvas';
import type { RingModel } from './use-ring';
import { enter, enterEdge, type Step, writeSteps } from './zoom';

interface Input {
  state: UrlState;
  update: Update;
  model: RingModel;
}

export interface PageActions extends RingActions {
  go: (steps: readonly Step[]) => void;
  leave: () => void;
  pickNode: (id: string) => void;
}

/** What a press does: choose, go in, come out. All of it is in the address. */
export function useRingActions({ state, update, model }: Input): PageActions {
  const { graph, ring, steps } = model;
  const chosen = state.selection !== null;
  return useMemo(() => {
    const go = (next: readonly Step[]) => update({ zoom: writeSteps(next), selection: null });
    const flow = steps.at(-1)?.type === 'edge' ? (steps.at(-1) as Step).id : null;
    const pickLink = (id: string) => update({ selection: { type: 'edge', id } });
    const pickNode = (id: string) => update({ selection: { type: 'node', id } });
    const namespaceOf = (id: string) => ring?.groups.find((group) => group.id === id)?.namespace ?? null;
    return {
      go,
      pickLink,
      pickNode,
      // Of one flow, caller and ports are no nodes: what can be shown of them is the flow.
      pickArc: (id) => (flow ? pickLink(flow) : pickNode(id)),
      pickGroup: (id) => {
        if (namespaceOf(id)) pickNode(id);
      },
      enterArc: (id) => {
        const node = graph?.nodes.get(id);
        if (node && !flow) go(enter(steps, node));
      },
      enterGroup: (id) => {
        const namespace = namespaceOf(id);
        if (namespace) go([{ type: 'ns', id: namespace }]);
      },
      enterLink: (id) => go(enterEdge(steps, id)),
      leave: () => go(steps.slice(0, -1)),
      scale: (power) => update({ power }, { replace: true }),
      clear: () => {
        if (chosen) update({ selection: null });
      },
    };
  }, [graph, ring, steps, update, chosen]);
}
