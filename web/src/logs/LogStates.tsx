import type { ReactNode } from 'react';
import type { KindInfo } from '../domain/log-kinds';
import { visible } from '../domain/names';
import { clock } from '../domain/units';
import type { UrlState } from '../domain/url-state';
import { conjuncts, without } from '../kql/conjuncts';
import type { LogPages } from './use-log-pages';

interface Props {
  pages: LogPages;
  state: UrlState;
  info: KindInfo;
  tailProblem: string | null;
  empty: boolean;
  update: (patch: Partial<UrlState>) => void;
  children: ReactNode;
}

/** The table, or what stands in its place; what went wrong stands above the rows from before. */
export function LogStates({ pages, state, info, tailProblem, empty, update, children }: Props) {
  const { problem, answeredAt } = pages;
  return (
    <div className="logs-table" data-stale={(problem && pages.pages.pages.length > 0) || undefined}>
      {problem?.isFilter && (
        <p className="logs-note t2">
          Mend the filter to see what matches.{answeredAt > 0 && ' These rows are from before.'}
        </p>
      )}
      {problem && !problem.isFilter && (
        <p className="logs-note warn-ink" role="alert" data-testid="logs-problem">
          The {info.many} did not answer: {problem.message}
          {answeredAt > 0 && ` These are from ${clock(answeredAt)} UTC.`}{' '}
          <button type="button" className="button small" onClick={pages.refresh}>
            Try again
          </button>
        </p>
      )}
      {tailProblem && (
        <p className="logs-note warn-ink" role="alert">
          The tail stopped: {tailProblem}
        </p>
      )}
      {empty && !problem ? <Nothing state={state} info={info} update={update} /> : children}
    </div>
  );
}

function Nothing({ state, info, update }: Pick<Props, 'state' | 'info' | 'update'>) {
  const parts = conjuncts(state.query);
  const last = parts.at(-1);
  const filtered = parts.length > 0 || state.namespaces.length > 0;
  return (
    <div className="notice" data-testid="logs-empty">
      <p className="notice-title">
        No {info.many} {filtered ? 'match in this range.' : 'in this range.'}
      </p>
      {last !== undefined && (
        <button
          type="button"
          className="button"
          onClick={() => update({ query: without(state.query, last) })}
          data-testid="remove-last"
        >
          Search without <code className="mono cut">{visible(last)}</code>
        </button>
      )}
      {state.namespaces.length > 0 && (
        <button type="button" className="button" onClick={() => update({ namespaces: [] })}>
          Search all namespaces
        </button>
      )}
      <button type="button" className="button" onClick={() => update({ from: 'now-24h', to: 'now' })}>
        Search the last 24 h
      </button>
      {!filtered && (
        <p className="t3">
          Send them with <code className="mono">tapetum ingest</code> or to the HTTP address that the README
          gives.
        </p>
      )}
    </div>
  );
}
