import '../../dashboards/dashboards.css';
import './kept.css';
import { IconArrowLeft } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { ApiProblem } from '../../api/errors';
import { Problems } from '../../dashboards/Problems';
import { encode } from '../../domain/url-state';
import { carried } from '../../shell/screens';
import { useUrlState } from '../../shell/use-url-state';

interface Props {
  /** What is listed, in one word: `rules`. */
  many: string;
  /** Where it belongs to; null for a page of its own. */
  back?: null;
  problem: ApiProblem | null;
  waiting: boolean;
  retry: () => void;
  said: string;
  problems: readonly string[];
  onRead: () => void;
  /** Beside the way back, and at the bar's end. */
  find?: ReactNode;
  action?: ReactNode;
  /** What is opened beside the table. */
  pane: ReactNode;
  /** The table, or why there is none. */
  children: ReactNode;
}

/** A page of things that somebody keeps, most of them for alerts: their table, and one of them beside it. */
export function KeptPage(props: Props) {
  const { many, back, problem, waiting, retry, said, problems, onRead, find, action, pane, children } = props;
  const [state] = useUrlState();
  return (
    <div className="kept-page">
      <div className="dash-bar">
        {back !== null && (
          <Link
            to="/alerts"
            search={encode(carried(state, '/alerts'))}
            className="button"
            data-testid="to-alerts"
          >
            <IconArrowLeft size={15} stroke={1.75} aria-hidden />
            Alerts
          </Link>
        )}
        {find}
        <span className="t3 small-text" role="status" data-testid={`${many}-said`}>
          {said}
        </span>
        <span className="top-space" />
        {action}
      </div>
      <Problems problems={problems} onClose={onRead} />
      <div className="kept-area" data-pane={Boolean(pane) || undefined}>
        <section className="kept-scroll" aria-label={`${many[0]?.toUpperCase()}${many.slice(1)}`}>
          {problem?.code === 'NOT_ALLOWED' && (
            <div className="notice" data-testid="not-allowed">
              <p className="notice-title">You may not see these {many}.</p>
              <p>{problem.message}</p>
            </div>
          )}
          {problem && problem.code !== 'NOT_ALLOWED' && (
            <p className="widget-problem" role="alert">
              The {many} did not answer: {problem.message}
              <button type="button" className="button small" onClick={retry}>
                Try again
              </button>
            </p>
          )}
          {waiting && !problem && <div className="skeleton kept-waiting" aria-busy="true" />}
          {children}
        </section>
        {pane}
      </div>
    </div>
  );
}
