import { type RefObject, useEffect, useRef } from 'react';
import { step } from '../domain/time';
import type { UrlState } from '../domain/url-state';
import { isTyping } from '../shell/keys';
import { useLiveToggle } from '../shell/use-live-toggle';
import type { Update } from '../shell/use-url-state';
import type { Rect } from './layout/size';
import type { CanvasHandle } from './use-camera';
import type { View, ViewNode } from './view';
import { edgesByVolume, nearest } from './walk';

interface Input {
  state: UrlState;
  update: Update;
  view: View | null;
  rects: ReadonlyMap<string, Rect>;
  focused: string | null;
  canvas: RefObject<CanvasHandle | null>;
  toggle: (node: ViewNode) => void;
  pick: (node: ViewNode) => void;
  gather: (node: ViewNode) => void;
  scatter: () => void;
  relayout: () => void;
}

const ARROWS: Record<string, 'left' | 'right' | 'up' | 'down'> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
};

/** The keys of the graph page. Those that move need the graph to have the focus; the rest work anywhere. */
export function useGraphKeys(input: Input): void {
  const latest = useRef(input);
  latest.current = input;
  const toggleLive = useLiveToggle();

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (isTyping(event)) return;
      const now = latest.current;
      const target = event.target as HTMLElement;
      const onNode = target.closest('[data-view-id]') !== null;
      if (onNode && inGraph(event, now)) {
        event.preventDefault();
        return;
      }
      if (anywhere(event, now, toggleLive)) event.preventDefault();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [toggleLive]);
}

function inGraph(
  event: KeyboardEvent,
  { view, rects, focused, canvas, toggle, pick, gather, state, update }: Input,
): boolean {
  const node = view?.nodes.find((each) => each.id === focused);
  if (!view || !node) return false;
  const way = ARROWS[event.key];
  if (way) {
    const next = nearest(node.id, way, view, rects);
    if (next) canvas.current?.focus(next);
    return true;
  }
  switch (event.key) {
    case 'Enter':
      if (event.shiftKey) {
        gather(node);
        return true;
      }
      // An edge that was walked to with [ or ] is what Enter shows; it is in the panel already.
      if (state.selection?.type !== 'edge') pick(node);
      return true;
    case ' ':
      toggle(node);
      return true;
    case '[':
    case ']': {
      const edges = edgesByVolume(node.id, view, state.measure);
      if (!edges.length) return true;
      const at = edges.findIndex((edge) => edge.id === state.selection?.id);
      const to = event.key === ']' ? at + 1 : at < 0 ? edges.length - 1 : at - 1;
      const edge = edges[(to + edges.length) % edges.length];
      if (edge) update({ selection: { type: 'edge', id: edge.id } }, { replace: true });
      return true;
    }
    default:
      return false;
  }
}

/** First beside the range before, then only what changed, then all again. */
function compareStep({ compare, show }: UrlState): Partial<UrlState> {
  if (compare === null) return { compare: 'before' };
  return { show: show === 'changed' ? 'all' : 'changed' };
}

function anywhere(
  event: KeyboardEvent,
  { state, update, canvas, relayout, scatter }: Input,
  toggleLive: () => void,
): boolean {
  const replace = { replace: true };
  switch (event.key) {
    case 'Escape':
      scatter();
      update({ selection: null });
      return true;
    case 'f':
    case 'F':
      canvas.current?.fit();
      return true;
    case '0':
      canvas.current?.zoom(null);
      return true;
    case '+':
    case '=':
      canvas.current?.zoom(1.25);
      return true;
    case '-':
      canvas.current?.zoom(0.8);
      return true;
    case 'd':
    case 'D':
      update({ show: state.show === 'denied' ? 'all' : 'denied' }, replace);
      return true;
    case 'n':
    case 'N':
      update({ show: state.show === 'new' ? 'all' : 'new' }, replace);
      return true;
    case 'c':
    case 'C':
      update(compareStep(state), replace);
      return true;
    case 't':
    case 'T':
      update({ view: state.view === 'table' ? 'graph' : 'table' }, replace);
      return true;
    case 'l':
    case 'L':
      toggleLive();
      return true;
    case 'r':
    case 'R':
      relayout();
      return true;
    case '.':
    case ',':
      update(step(state, event.key === '.' ? 1 : -1, Date.now()), replace);
      return true;
    case '/':
      document.querySelector<HTMLInputElement>('[data-testid="kql-input"]')?.focus();
      return true;
    default:
      return false;
  }
}
