import { IconX } from '@tabler/icons-react';
import { visible } from '../domain/names';

/** Why something was not done: each a sentence that says what, where, and the way out. */
export function Problems({ problems, onClose }: { problems: readonly string[]; onClose?: () => void }) {
  if (!problems.length) return null;
  return (
    <div className="dash-problems" role="alert" data-testid="problems">
      <ul>
        {problems.map((problem) => (
          <li key={problem}>{visible(problem)}</li>
        ))}
      </ul>
      {onClose && (
        <button type="button" className="icon-button small" aria-label="Close" onClick={onClose}>
          <IconX size={14} stroke={1.75} aria-hidden />
        </button>
      )}
    </div>
  );
}
