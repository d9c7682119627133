import { IconArrowLeft } from '@tabler/icons-react';
import { useCallback, useEffect, useState } from 'react';
import type { Alert } from '../domain/alert';
import { isTyping } from '../shell/keys';
import { useNow } from '../shell/use-now';
import { useUrlState } from '../shell/use-url-state';
import { AlertDetail } from './AlertDetail';
import { AlertRow } from './AlertRow';
import { AlertsFilter } from './AlertsFilter';
import { useAlerts } from './AlertsProvider';
import { AlertsTabs, type Tab } from './AlertsTabs';
import { MatrixView } from './matrix/MatrixView';
import { useListed } from './use-listed';
import { useOpenAlert } from './use-open-alert';
import { useTriage } from './use-triage';

const NONE: readonly Alert[] = [];

export function AlertsPage() {
  const [state, update] = useUrlState();
  const alerts = useAlerts();
  const openAlert = useOpenAlert();
  const triage = useTriage();
  const now = useNow(1000);
  const [tab, setTab] = useState<Tab>('OPEN');
  const { filter, cluster, matrix } = state;
  const listed = useListed({ filter, cluster, range: matrix ? state : null, status: tab });
  const { all } = listed;
  const scoped = all ?? NONE;
  const shown = scoped.filter((alert) => tab === null || alert.status === tab);
  const opened = scoped.find((alert) => alert.id === state.alert) ?? null;
  const selected = opened ?? (state.matrix ? null : (shown[0] ?? null));
  // With the matrix only those of the tab are read.
  const count = (of: Tab) =>
    matrix && tab !== null && of !== tab
      ? null
      : scoped.filter(({ status }) => of === null || status === of).length;

  const pick = useCallback((id: string) => update({ alert: id }, { replace: true }), [update]);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (isTyping(event)) return;
      const key = event.key.toLowerCase();
      if (key === 'g' && selected) openAlert(selected);
      if (key === 'a' && selected?.status === 'OPEN') triage(selected, 'ACKNOWLEDGED', '');
      if (key !== 'j' && key !== 'k') return;
      const at = shown.findIndex((alert) => alert.id === selected?.id);
      const next = shown[Math.min(shown.length - 1, Math.max(0, at + (key === 'j' ? 1 : -1)))];
      if (next) pick(next.id);
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [shown, selected, openAlert, triage, pick]);

  return (
    <div className="alerts-page">
      <section className="alerts-feed" aria-label="Alerts">
        <AlertsTabs tab={tab} count={count} more={listed.more !== null} onTab={setTab} />
        <AlertsFilter
          filter={state.filter}
          problem={listed.problem?.message ?? null}
          onFilter={(filter) => update({ filter, alert: null })}
        />
        {alerts.gap > 0 && (
          <p className="feed-note warn-ink">
            {alerts.gap} alerts passed while this page was behind.{' '}
            <button type="button" className="button small" onClick={alerts.retry}>
              Read them
            </button>
          </p>
        )}
        {listed.problem && (
          <p className="feed-note warn-ink" role="alert">
            {listed.problem.isFilter ? '' : 'The alerts did not answer: '}
            {listed.problem.message}{' '}
            {!listed.problem.isFilter && (
              <button type="button" className="button small" onClick={listed.retry}>
                Try again
              </button>
            )}
          </p>
        )}
        {all === null && !listed.problem && (
          <div className="alert-skeletons" aria-busy="true">
            {[0, 1, 2].map((at) => (
              <div key={at} className="skeleton" />
            ))}
          </div>
        )}
        <ul className="alert-list" data-testid="alert-list">
          {shown.map((alert) => (
            <AlertRow
              key={alert.id}
              alert={alert}
              now={now}
              selected={alert.id === selected?.id}
              fresh={alerts.arrived.has(alert.id)}
              onPick={() => pick(alert.id)}
            />
          ))}
        </ul>
        {all !== null && shown.length === 0 && (
          <p className="empty-list">
            {scoped.length
              ? 'None of these.'
              : `No alerts ${state.filter ? 'match ' : ''}in the ${state.matrix ? 'range' : 'last 7 days'}.`}
          </p>
        )}
        {listed.more && (
          <button
            type="button"
            className="button small older-alerts"
            disabled={listed.fetching}
            onClick={listed.more}
            data-testid="older-alerts"
          >
            {listed.fetching ? 'Reading…' : 'Show older alerts'}
          </button>
        )}
        <footer className="feed-keys">
          <kbd className="kbd">J</kbd>
          <kbd className="kbd">K</kbd> move
          <kbd className="kbd">A</kbd> acknowledge
          <kbd className="kbd">G</kbd> graph
          <span className="top-space" />
          {state.matrix ? 'In the range of the matrix' : 'Last 7 days'}
        </footer>
      </section>
      {state.matrix && !opened ? (
        <section className="alert-detail matrix-area" aria-label="Matrix">
          <MatrixView status={tab} />
        </section>
      ) : (
        <section className="alert-detail" aria-label="Selected alert">
          {state.matrix && (
            <button
              type="button"
              className="button small"
              onClick={() => update({ alert: null })}
              data-testid="back-to-matrix"
            >
              <IconArrowLeft size={14} stroke={1.75} aria-hidden />
              Matrix
            </button>
          )}
          {selected && (
            <AlertDetail alert={selected} now={now} onOpen={() => openAlert(selected)} onPick={pick} />
          )}
        </section>
      )}
    </div>
  );
}
