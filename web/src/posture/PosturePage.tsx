import '../dashboards/dashboards.css';
import './posture.css';
import { useMemo } from 'react';
import { SecurityPostureDocument } from '../api/posture';
import { useAsk } from '../api/use-ask';
import { visible } from '../domain/names';
import { isLive, spanOf } from '../domain/time';
import { clock, span } from '../domain/units';
import { dropping } from '../shell/ChooseFiles';
import { useNow } from '../shell/use-now';
import { useUrlState } from '../shell/use-url-state';
import { Actions } from './Actions';
import { ImportScans, ScanOutcomes } from './ImageScans';
import { scoped } from './model';
import { Namespaces } from './Namespaces';
import { Parts } from './Parts';
import { Score } from './Score';
import { useScans } from './use-scans';

const EVERY = 60_000;

/** How well workloads are guarded, on what data that rests, what to do next, and who is at risk. */
export function PosturePage() {
  const [state, update] = useUrlState();
  const now = useNow(10_000);
  const range = useMemo(() => ({ from: state.from, to: state.to }), [state.from, state.to]);
  const variables = useMemo(
    () => ({ range, clusters: state.cluster ? [state.cluster] : null }),
    [range, state.cluster],
  );
  const asked = useAsk(SecurityPostureDocument, variables, isLive(range) ? EVERY : 0);
  const scans = useScans(state.cluster, asked.retry);
  const posture = asked.data?.securityPosture ?? null;
  const shown = useMemo(() => posture && scoped(posture, state.namespaces), [posture, state.namespaces]);
  const without = posture?.clustersWithoutManifests ?? [];
  const clusters = new Set(posture?.namespaces.map(({ cluster }) => cluster)).size > 1;
  const table = state.view === 'table';
  return (
    <div className="posture-page">
      <div className="dash-bar">
        <span className="t3 small-text">
          {span(spanOf(range, now))}
          {isLive(range) && ', asked again every minute'}. What is not known counts as unsafe.
        </span>
        <span className="top-space" />
        <ImportScans scans={scans} />
        <div className="segments">
          {(['graph', 'table'] as const).map((each) => (
            <button
              key={each}
              type="button"
              aria-pressed={state.view === each}
              onClick={() => update({ view: each }, { replace: true })}
              data-testid={`view-${each}`}
            >
              {each === 'graph' ? 'Chart' : 'Table'}
            </button>
          ))}
        </div>
      </div>
      <div className="posture-scroll" {...dropping(scans.send)} data-testid="posture-drop">
        <ScanOutcomes scans={scans} />
        {asked.problem && (
          <p className="posture-told warn-ink" role="alert">
            The posture did not answer: {asked.problem.message}{' '}
            {posture && `What is shown is from ${clock(asked.answeredAt)} UTC. `}
            <button type="button" className="button small" onClick={asked.retry}>
              Try again
            </button>
          </p>
        )}
        {!posture && !asked.problem && (
          <div className="posture-grid" aria-busy="true" data-testid="posture-waiting">
            {[0, 1, 2, 3].map((at) => (
              <span key={at} className="skeleton posture-waiting" />
            ))}
          </div>
        )}
        {posture && !posture.overall.workloads && (
          <div className="notice" data-testid="posture-empty">
            <p className="notice-title">Nothing is known in this range.</p>
            <p>Send flow logs and import manifests, or take a longer time range.</p>
            <code>tapetum ingest flows.log</code>
          </div>
        )}
        {posture && shown && posture.overall.workloads > 0 && (
          <div className="posture-grid" data-stale={!asked.current || undefined}>
            {without.length > 0 && (
              <p className="posture-told posture-wide" data-testid="posture-without">
                No manifests of {without.map(visible).join(', ')} are known, so nobody there is known to be
                isolated.
              </p>
            )}
            <Score rating={shown.rating} posture={posture} table={table} />
            <Parts parts={shown.rating.components} scannable={scans.allowed} />
            <Actions
              actions={shown.actions}
              total={state.namespaces.length ? shown.actions.length : posture.actionsTotal}
              dismissed={shown.dismissed}
              dismissedTotal={state.namespaces.length ? shown.dismissed.length : posture.dismissedTotal}
              clusters={clusters}
              update={update}
              onChanged={asked.retry}
            />
            <Namespaces
              namespaces={shown.namespaces}
              total={state.namespaces.length ? shown.namespaces.length : posture.namespacesTotal}
              clusters={clusters}
              onPick={({ cluster, namespace }) =>
                update({ cluster, namespaces: namespace === null ? [] : [namespace] })
              }
            />
          </div>
        )}
      </div>
    </div>
  );
}
