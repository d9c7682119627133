import { useCallback, useMemo, useRef, useState } from 'react';
import type { Selection } from '../domain/url-state';
import type { NodeActions } from './nodes/GraphNodeView';
import type { ViewNode } from './view';

export type Hover = { type: 'node' | 'edge'; id: string } | null;

const ENTER = 120;
const LEAVE = 40;
const NOBODY: ReadonlySet<string> = new Set();

/** What the pointer and the keyboard are on, and what they do to it. */
export function usePointing(select: (selection: Selection | null) => void, toggleId: (id: string) => void) {
  const [hover, setHover] = useState<Hover>(null);
  const [focused, setFocused] = useState<string | null>(null);
  const [gathered, setGathered] = useState<ReadonlySet<string>>(NOBODY);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  const point = useCallback((next: Hover) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setHover(next), next ? ENTER : LEAVE);
  }, []);
  const toggle = useCallback(
    (node: ViewNode) => {
      if (!node.toggles) return;
      toggleId(node.toggles);
      setFocused(node.parent ?? node.toggles);
    },
    [toggleId],
  );
  const pick = useCallback((node: ViewNode) => select({ type: 'node', id: node.nodeId }), [select]);
  const gather = useCallback((node: ViewNode) => {
    setGathered((was) => {
      const next = new Set(was);
      if (!next.delete(node.nodeId)) next.add(node.nodeId);
      return next;
    });
  }, []);
  const scatter = useCallback(() => setGathered(NOBODY), []);
  const pickEdge = useCallback((id: string) => select({ type: 'edge', id }), [select]);
  const hoverEdge = useCallback((id: string | null) => point(id ? { type: 'edge', id } : null), [point]);
  const actions = useMemo<NodeActions>(
    () => ({
      pick,
      gather,
      toggle,
      hover: (id) => point(id ? { type: 'node', id } : null),
      focus: setFocused,
    }),
    [pick, gather, toggle, point],
  );
  return { hover, focused, gathered, toggle, pick, gather, scatter, pickEdge, hoverEdge, actions };
}
