import { useEffect, useRef } from 'react';
import { POWERS } from '../domain/ring-state';
import { step } from '../domain/time';
import type { UrlState } from '../domain/url-state';
import { isTyping } from '../shell/keys';
import { useLiveToggle } from '../shell/use-live-toggle';
import type { Update } from '../shell/use-url-state';
import { linksOf } from './lit';
import type { RingModel } from './use-ring';

interface Input {
  state: UrlState;
  update: Update;
  model: RingModel;
  focused: string | null;
  focus: (id: string) => void;
  leave: () => void;
}

const WAYS: Record<string, 1 | -1> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
const STEP = 0.1;

/** The keys of the ring. Those that walk need an arc to have the focus; the rest work anywhere. */
export function useRingKeys(input: Input): void {
  const latest = useRef(input);
  latest.current = input;
  const toggleLive = useLiveToggle();
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (isTyping(event)) return;
      const onArc = (event.target as HTMLElement).closest('[data-arc-id]') !== null;
      if ((onArc && walk(event.key, latest.current)) || anywhere(event.key, latest.current, toggleLive))
        event.preventDefault();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [toggleLive]);
}

function walk(key: string, { state, update, model, focused, focus }: Input): boolean {
  const { ring } = model;
  const arcs = ring?.arcs ?? [];
  const at = arcs.findIndex(({ id }) => id === focused);
  if (!ring || at < 0 || focused === null) return false;
  const way = WAYS[key];
  if (way) {
    const next = arcs[(at + way + arcs.length) % arcs.length];
    if (next) focus(next.id);
    return true;
  }
  if (key !== '[' && key !== ']') return false;
  const edges = [
    ...new Set(linksOf(ring, focused, ({ traffic }) => traffic[state.size] ?? 0).map(({ edge }) => edge)),
  ];
  if (!edges.length) return true;
  const now = edges.indexOf(state.selection?.id ?? '');
  const to = key === ']' ? now + 1 : now < 0 ? edges.length - 1 : now - 1;
  const id = edges[(to + edges.length) % edges.length];
  if (id) update({ selection: { type: 'edge', id } }, { replace: true });
  return true;
}

function anywhere(key: string, { state, update, model, leave }: Input, toggleLive: () => void): boolean {
  const replace = { replace: true };
  const scale = (by: number) => {
    const power = Math.max(POWERS.least, Math.min(POWERS.most, state.power + by));
    update({ power: Math.round(power * 100) / 100 }, replace);
  };
  switch (key) {
    case 'Escape':
      if (state.selection) update({ selection: null });
      else if (model.steps.length) leave();
      else return false;
      return true;
    case '+':
    case '=':
      scale(STEP);
      return true;
    case '-':
      scale(-STEP);
      return true;
    case 'd':
    case 'D':
      update({ status: state.status === 'denied' ? 'all' : 'denied' }, replace);
      return true;
    case 't':
    case 'T':
      update({ view: state.view === 'table' ? 'graph' : 'table' }, replace);
      return true;
    case 'l':
    case 'L':
      toggleLive();
      return true;
    case '.':
    case ',':
      update(step(state, key === '.' ? 1 : -1, Date.now()), replace);
      return true;
    case '/':
      document.querySelector<HTMLInputElement>('[data-testid="kql-input"]')?.focus();
      return true;
    default:
      return false;
  }
}
