import { useCallback, useEffect, useRef, useState } from 'react';
import { type AskedRange, freeze, isLive, step } from '../domain/time';
import { isTyping } from '../shell/keys';

export type OnRange = (range: AskedRange, options?: { replace: boolean }) => void;

/** A step is shown for so long, or until its answer is there. */
const PACE = 900;

/** Steps the range forward until it reaches now, each step once the page shows the one before. */
export function usePlay(range: AskedRange, ready: boolean, onRange: OnRange) {
  const [on, setOn] = useState(false);
  const live = isLive(range);
  const latest = useRef({ range, onRange });
  latest.current = { range, onRange };
  const key = `${range.from} ${range.to}`;

  // Whoever moves the range by hand takes over; the play itself knows what it set, and from where it came.
  const set = useRef(key);
  const came = useRef(key);
  const go = useCallback((to: AskedRange) => {
    const { range: at, onRange: move } = latest.current;
    came.current = `${at.from} ${at.to}`;
    set.current = `${to.from} ${to.to}`;
    if (set.current !== came.current) move(to, { replace: true });
  }, []);
  const toggle = useCallback(() => {
    if (!on) {
      const { range: now } = latest.current;
      // From a range that follows now there is nowhere to go: begin ten windows earlier.
      go(isLive(now) ? earlier(freeze(now, Date.now())) : now);
    }
    setOn(!on);
  }, [on, go]);

  useEffect(() => {
    if (!on) return;
    if (key !== set.current) {
      if (key !== came.current) setOn(false); // the address follows a moment later
      return;
    }
    if (live) {
      setOn(false);
      return;
    }
    if (!ready) return;
    const timer = setTimeout(() => {
      go(step(latest.current.range, 1, Date.now()));
    }, PACE);
    return () => clearTimeout(timer);
  }, [on, live, key, ready, go]);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (isTyping(event) || event.key.toLowerCase() !== 'p') return;
      event.preventDefault();
      toggle();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [toggle]);

  return { on, toggle };
}

const STEPS = 40;

function earlier(range: AskedRange): AskedRange {
  let found = range;
  for (let place = 0; place < STEPS; place += 1) found = step(found, -1, Date.now());
  return found;
}
