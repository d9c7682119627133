import { type RefObject, useEffect, useRef, useState } from 'react';
import type { Tier } from '../../api/policies';
import { isTyping } from '../../shell/keys';
import { useUrlState } from '../../shell/use-url-state';
import { beside } from './model';

/** Arrows go from card to card; which card Tab comes to is answered. */
export function useBoardKeys(
  tiers: readonly Tier[],
  selected: string | null,
  find: RefObject<HTMLInputElement | null>,
): string | null {
  const [state, update] = useUrlState();
  const [visited, setVisited] = useState<string | null>(null);
  const all = tiers.flatMap(({ policies }) => policies.map(({ id }) => id));
  const known = (id: string | null) => (id !== null && all.includes(id) ? id : null);
  const focusable = known(visited) ?? known(selected) ?? all[0] ?? null;
  const latest = useRef({ tiers, focusable, state, update });
  latest.current = { tiers, focusable, state, update };

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (isTyping(event)) return;
      const { tiers, focusable, state, update } = latest.current;
      if (event.key === '/') {
        event.preventDefault();
        find.current?.focus();
      } else if (event.key === 'Escape' && state.policy) {
        update({ policy: null });
        card(state.policy)?.focus();
      } else if (event.key.toLowerCase() === 't') {
        update({ view: state.view === 'table' ? 'graph' : 'table' }, { replace: true });
      } else if (event.key.startsWith('Arrow') && onBoard(event)) {
        const here = (document.activeElement as HTMLElement | null)?.dataset.policy ?? null;
        const next = here ? beside(tiers, here, event.key) : focusable;
        if (!next) return;
        event.preventDefault();
        setVisited(next);
        card(next)?.focus();
      }
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [find]);

  return focusable;
}

const card = (id: string) =>
  [...document.querySelectorAll<HTMLElement>('[data-policy]')].find(({ dataset }) => dataset.policy === id);

/** Arrows elsewhere scroll, as they do everywhere. */
const onBoard = (event: KeyboardEvent) =>
  event.target === document.body || Boolean((event.target as HTMLElement).closest('.board-tiers, #main'));
