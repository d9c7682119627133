import { IconX } from '@tabler/icons-react';
import type { ApiProblem } from '../api/errors';
import type { Comparison } from '../domain/comparison';
import { clockMinutes, day, plural } from '../domain/units';
import type { ComparisonState } from './use-comparison';

interface Props {
  state: ComparisonState;
  onStop: () => void;
}

/** With what the graph is compared, and how many edges are not as they were. */
export function ComparedNote({ state, onStop }: Props) {
  const { comparison, waiting, problem } = state;
  return (
    <p
      className="compared-note"
      role="status"
      data-testid="compared-note"
      data-waiting={waiting || undefined}
    >
      <span>{comparison ? told(comparison) : problem ? refused(problem) : 'Comparing…'}</span>
      <button type="button" className="icon-button small" aria-label="Stop comparing" onClick={onStop}>
        <IconX size={13} stroke={1.75} aria-hidden />
      </button>
    </p>
  );
}

const refused = (problem: ApiProblem) => `The comparison did not answer: ${problem.message}`;

function told({ from, to, comparable, counts, truncated }: Comparison): string {
  const [start, end] = [Date.parse(from), Date.parse(to)];
  const when = `${day(start)} ${clockMinutes(start)} to ${day(end) === day(start) ? '' : `${day(end)} `}${clockMinutes(end)} UTC`;
  if (!comparable) return `Nothing was recorded from ${when}, so there is nothing to compare with.`;
  const parts = [
    counts.VERDICT && `${counts.VERDICT} decided otherwise`,
    counts.NEW && `${counts.NEW} new`,
    counts.GONE && `${counts.GONE} gone`,
    counts.VOLUME && `${counts.VOLUME} much busier or calmer`,
  ].filter(Boolean);
  const rest = `${plural(counts.SAME, 'edge')} as before`;
  const cut = truncated ? ' Only a part of the edges is compared.' : '';
  return `Beside ${when}: ${[...parts, rest].join(', ')}.${cut}`;
}
