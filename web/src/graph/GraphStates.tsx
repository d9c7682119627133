import { IconRefresh } from '@tabler/icons-react';
import type { ApiProblem } from '../api/errors';
import { clockMinutes } from '../domain/units';

/** The graph where there is none: why, and the way out. */
export function NoFlows({
  filtered,
  otherTimes,
  onRemove,
  onWiden,
}: {
  filtered: boolean;
  otherTimes: boolean;
  onRemove: () => void;
  onWiden: () => void;
}) {
  if (filtered) {
    return (
      <div className="notice graph-notice" data-testid="empty-filter">
        <p className="notice-title">No flows match the filter in this range.</p>
        <button type="button" className="button primary" onClick={onRemove}>
          Remove the filter
        </button>
      </div>
    );
  }
  return (
    <div className="notice graph-notice" data-testid="empty">
      <p className="notice-title">{otherTimes ? 'No flows in this range.' : 'No flows yet.'}</p>
      {otherTimes ? (
        <button type="button" className="button primary" onClick={onWiden}>
          Show the last 24 h
        </button>
      ) : (
        <>
          <p>Load log files with</p>
          <code className="mono">tapetum ingest PATH</code>
          <p>or send them as newline JSON to</p>
          <code className="mono">POST {location.origin}/ingest/v1/flows</code>
        </>
      )}
    </div>
  );
}

/** The graph did not answer. What is on screen stays, and says how old it is. */
export function GraphProblem({
  problem,
  asOf,
  onRetry,
}: {
  problem: ApiProblem;
  asOf: string | null;
  onRetry: () => void;
}) {
  const still = asOf ? ` What you see is from ${clockMinutes(Date.parse(asOf))} UTC.` : '';
  return (
    <div className="graph-problem" role="alert" data-testid="graph-problem">
      <span>
        The graph did not answer: {problem.message}
        {still}
      </span>
      <button type="button" className="button small" onClick={onRetry}>
        <IconRefresh size={14} stroke={1.75} aria-hidden />
        Try again
      </button>
    </div>
  );
}
