import { useCallback, useMemo, useRef, useState } from 'react';
import type { Selection } from '../domain/url-state';
import type { NodeActions } from './nodes/GraphNodeView';
import type { ViewNode } from './view';

export type Hover = { type: 'node' | 'edge'; id: string } | null;

const ENTER = 120;
const LEAVE = 40;

/** What the pointer and the keyboard are on, and what they do to it. */
export function usePointing(select: (selection: Selection | null) => void, toggleId: (id: string) => void) {
  const [hover, setHover] = useState<Hover>(null);
  const [focused, setFocused] = useState<string | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  const point = useCallback((next: Hover) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setHover(next), next ? ENTER : LEAVE);
  }, []);
  const toggle = useCallback(
    (node: ViewNode) => {
      const id = node.type === 'workload' ? node.parent : node.type === 'external' ? null : node.nodeId;
      if (!id) return;
      toggleId(id);
      setFocused(id);
    },
    [toggleId],
  );
  const pick = useCallback((node: ViewNode) => select({ type: 'node', id: node.nodeId }), [select]);
  const pickEdge = useCallback((id: string) => select({ type: 'edge', id }), [select]);
  const hoverEdge = useCallback((id: string | null) => point(id ? { type: 'edge', id } : null), [point]);
  const actions = useMemo<NodeActions>(
    () => ({ pick, toggle, hover: (id) => point(id ? { type: 'node', id } : null), focus: setFocused }),
    [pick, toggle, point],
  );
  return { hover, focused, toggle, pick, pickEdge, hoverEdge, actions };
}
