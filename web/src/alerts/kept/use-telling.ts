import { useState } from 'react';
import type { Changed } from '../../api/changes';

const NONE: ReadonlySet<string> = new Set();

/** On a page of what is kept: what became of the last change, and which things are being switched. */
export function useTelling(retry: () => void) {
  const [said, setSaid] = useState('');
  const [problems, setProblems] = useState<string[]>([]);
  const [turning, setTurning] = useState(NONE);
  const changed = (sentence: string) => {
    setSaid(sentence);
    retry();
  };
  const turn = async (id: string, enabled: boolean, asked: () => Promise<Changed<unknown>>) => {
    if (turning.has(id)) return;
    setTurning((was) => new Set(was).add(id));
    const told = await asked();
    setTurning((was) => new Set([...was].filter((each) => each !== id)));
    setProblems(told.problems);
    if (!told.problems.length) changed(`Switched ${enabled ? 'on' : 'off'}.`);
  };
  return { said, problems, setProblems, turning, changed, turn };
}
