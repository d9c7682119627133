import { useCallback, useEffect, useRef, useState } from 'react';
import { type AskedRange, freeze, isLive, step } from '../domain/time';
import { isTyping } from '../shell/keys';

/** A step is shown for so long, or until its answer is there. */
const PACE = 900;

/** Steps the range forward until it reaches now, each step once the page shows the one before. */
export function usePlay(range: AskedRange, ready: boolean, onRange: (range: AskedRange) => void) {
  const [on, setOn] = useState(false);
  const live = isLive(range);
  const latest = useRef({ range, onRange });
  latest.current = { range, onRange };
  const key = `${range.from} ${range.to}`;

  // Whoever moves the range by hand takes over; the play itself remembers what it set.
  const set = useRef(key);
  const toggle = useCallback(() => {
    setOn((was) => {
      if (was) return false;
      const { range: now, onRange: move } = latest.current;
      // From a range that follows now there is nowhere to go: begin ten windows earlier.
      const start = isLive(now) ? earlier(freeze(now, Date.now())) : now;
      set.current = `${start.from} ${start.to}`;
      if (isLive(now)) move(start);
      return true;
    });
  }, []);

  useEffect(() => {
    if (!on) return;
    if (live || key !== set.current) {
      setOn(false);
      return;
    }
    if (!ready) return;
    const timer = setTimeout(() => {
      const next = step(latest.current.range, 1, Date.now());
      set.current = `${next.from} ${next.to}`;
      latest.current.onRange(next);
    }, PACE);
    return () => clearTimeout(timer);
  }, [on, live, key, ready]);

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
