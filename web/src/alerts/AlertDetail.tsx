import { IconAffiliate } from '@tabler/icons-react';
import { lazy, Suspense } from 'react';
import type { Alert } from '../domain/alert';
import { severityWord } from '../domain/severity';
import { isoSeconds } from '../domain/time';
import { ago, clock, day } from '../domain/units';
import { placeOf } from './AlertRow';
import { ExceptButton } from './ExceptButton';
import { IncidentTimeline } from './IncidentTimeline';
import { SeverityGlyph, toneOf } from './SeverityGlyph';
import { TriageBar } from './TriageBar';

const EdgePanel = lazy(() =>
  import('../graph/panel/EdgePanel').then((module) => ({ default: module.EdgePanel })),
);
/** Kinds of alerts that a rule's filter decides. */
const RULED = new Set(['alert_rule', 'detector']);
const AROUND = 30 * 60_000;

interface Props {
  alert: Alert;
  now: number;
  onOpen: () => void;
  onPick: (id: string) => void;
}

export function AlertDetail({ alert, now, onOpen, onPick }: Props) {
  const facts: [string, string][] = [
    ['Raised', `${day(alert.time)} ${clock(alert.time)} UTC`],
    ['Age', ago(alert.time, now)],
    ['Source', placeOf(alert.source)],
    ['Destination', placeOf(alert.target)],
    ['Port', alert.port === null ? 'several' : `${alert.protocol ?? ''} ${alert.port}`.trim()],
    ['Cluster', alert.cluster],
    ['Rule', alert.rule],
    ['Evidence', `${alert.evidence.length} ${alert.evidence.length === 1 ? 'record' : 'records'}`],
  ];
  return (
    <article>
      <header className="detail-head">
        <SeverityGlyph level={alert.level} size={22} />
        <h2>{alert.title}</h2>
        <button type="button" className="button primary" onClick={onOpen} data-testid="open-in-graph">
          <IconAffiliate size={15} stroke={2} aria-hidden />
          Open in graph
        </button>
      </header>
      <p className="detail-tags">
        <span className={`chip tone-${toneOf(alert.level)}`}>
          {severityWord(alert.level)} {alert.severity}
        </span>
        {alert.tactic && <span className="chip">{alert.tactic}</span>}
        {alert.technique && <span className="chip">{alert.technique}</span>}
      </p>
      <TriageBar key={alert.id} alert={alert} now={now} />
      {RULED.has(alert.kind) && alert.rule !== 'first-denied' && (
        <ExceptButton key={`except ${alert.id}`} alert={alert} />
      )}
      <p className="detail-summary">{alert.description}</p>
      {alert.mitigations.length > 0 && (
        <div className="mitigations" data-testid="mitigations">
          <h3>What can be done</h3>
          <ul>
            {alert.mitigations.map((each) => (
              <li key={each}>{each}</li>
            ))}
          </ul>
        </div>
      )}
      <dl className="detail-facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <IncidentTimeline alert={alert} onPick={onPick} />
      {alert.edgeId && (
        <div className="detail-edge">
          <h3>What flowed there, 30 min around it</h3>
          <Suspense fallback={<div className="skeleton" style={{ height: 220 }} />}>
            <EdgePanel
              key={alert.id}
              id={alert.edgeId}
              range={{ from: isoSeconds(alert.time - AROUND / 2), to: isoSeconds(alert.time + AROUND / 2) }}
              filter={null}
              isNew={false}
              compare={null}
              onPickNode={onOpen}
            />
          </Suspense>
        </div>
      )}
    </article>
  );
}
