import './matrix.css';
import { plural } from '../../domain/units';
import { RangePicker } from '../../shell/RangePicker';
import { useUrlState } from '../../shell/use-url-state';
import type { Status } from '../use-triage';
import { CellButton } from './CellButton';
import { UNPLACED } from './matrix';
import { useMatrix } from './use-matrix';

interface Props {
  /** Of which alerts; null is of all. */
  status: Status | null;
}

/** MITRE ATT&CK over a range: what alerts and rules name, by tactic. A cell lists its alerts. */
export function MatrixView({ status }: Props) {
  const [state, update] = useUrlState();
  const { matrix, current, problem, retry } = useMatrix(state, state.cluster, status);
  const deepest = Math.max(0, ...(matrix?.columns.map(({ cells }) => cells.length) ?? []));
  const raised = matrix?.columns.reduce((sum, { count }) => sum + count, 0) ?? 0;
  return (
    <div className="matrix" data-testid="matrix">
      <header className="matrix-bar">
        <h2>MITRE ATT&CK</h2>
        <span className="t3 small-text" role="status" data-testid="matrix-said">
          {matrix && `${plural(raised, 'alert')} in the range`}
        </span>
        {matrix && matrix.unplaced > 0 && (
          <button
            type="button"
            className="button small"
            aria-pressed={state.filter === UNPLACED}
            onClick={() => update({ filter: state.filter === UNPLACED ? '' : UNPLACED, alert: null })}
            data-testid="matrix-unplaced"
          >
            {`${plural(matrix.unplaced, 'other')} without a technique`}
          </button>
        )}
        <span className="top-space" />
        <RangePicker />
      </header>
      {problem && (
        <p className="feed-note warn-ink" role="alert">
          The matrix did not answer: {problem.message}{' '}
          <button type="button" className="button small" onClick={retry}>
            Try again
          </button>
        </p>
      )}
      {!matrix && !problem && <div className="skeleton matrix-waiting" aria-busy="true" />}
      {matrix && !deepest && (
        <div className="notice">
          <p className="notice-title">Neither alerts nor rules name a technique.</p>
          <p>Take a longer range, or switch on rules that name one.</p>
        </div>
      )}
      {matrix && deepest > 0 && (
        <div className="matrix-scroll" data-stale={!current || undefined}>
          <table className="matrix-table">
            <caption className="visually-hidden">Alerts by tactic and technique of MITRE ATT&CK</caption>
            <thead>
              <tr>
                {matrix.columns.map(({ tactic, name, count }) => (
                  <th key={name} scope="col" data-testid="matrix-tactic">
                    {name}
                    <span className="matrix-meta">
                      {tactic ?? 'no tactic known'}, {plural(count, 'alert')}
                    </span>
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {Array.from({ length: deepest }, (_, row) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place
                <tr key={row}>
                  {matrix.columns.map(({ name, cells }) => {
                    const cell = cells[row];
                    return (
                      <td key={name}>
                        {cell && (
                          <CellButton
                            cell={cell}
                            chosen={cell.filter === state.filter}
                            onChoose={(filter) => update({ filter, alert: null })}
                          />
                        )}
                      </td>
                    );
                  })}
                </tr>
              ))}
            </tbody>
          </table>
          {matrix.uncovered.length > 0 && (
            <p className="t3 matrix-uncovered">
              Nothing here names: {matrix.uncovered.join(', ')}. That is no proof that nothing of it happens.
            </p>
          )}
        </div>
      )}
    </div>
  );
}
