import type { ReactNode } from 'react';
import type { Asked } from '../api/use-ask';

interface Props {
  asked: Pick<Asked<unknown>, 'data' | 'problem' | 'retry'>;
  /** What did not answer, in words. */
  what: string;
  children: ReactNode;
}

/** An answer, the wait for it, or what went wrong and the way out. */
export function Answering({ asked, what, children }: Props) {
  return (
    <>
      {asked.problem && (
        <p className="logs-note warn-ink" role="alert">
          {what} did not answer: {asked.problem.message}{' '}
          <button type="button" className="button small" onClick={asked.retry}>
            Try again
          </button>
        </p>
      )}
      {!asked.data && !asked.problem && <div className="skeleton grouped-wait" aria-busy="true" />}
      {asked.data !== null && children}
    </>
  );
}
