import { useEffect, useRef } from 'react';
import { IncidentsDocument } from '../api/alerts';
import { useAsk } from '../api/use-ask';
import type { Alert } from '../domain/alert';
import { visible } from '../domain/names';
import { isoSeconds } from '../domain/time';
import { clock, day } from '../domain/units';
import { SeverityGlyph } from './SeverityGlyph';
import { statusWord } from './TriageBar';

const DAY = 24 * 3_600_000;

interface Props {
  alert: Alert;
  onPick: (id: string) => void;
}

/** The alerts that belong with one, in order of time; nothing where it stands alone. */
export function IncidentTimeline({ alert, onPick }: Props) {
  // The same question for all alerts of a day, so that going through them asks it once.
  const began = Math.floor(alert.time / DAY) * DAY;
  const { data, retry } = useAsk(IncidentsDocument, {
    range: { from: isoSeconds(began - DAY / 2), to: isoSeconds(began + (3 * DAY) / 2) },
    clusters: alert.cluster ? [alert.cluster] : null,
  });
  const judged = useRef(alert);
  useEffect(() => {
    if (judged.current.id === alert.id && judged.current.triagedAt !== alert.triagedAt) retry();
    judged.current = alert;
  }, [alert, retry]);
  const incident = data?.incidents.nodes.find(({ alerts }) => alerts.some(({ id }) => id === alert.id));
  if (!incident || incident.alerts.length < 2) return null;
  return (
    <section className="incident" aria-label="Incident" data-testid="incident">
      <h3>
        Incident of {incident.alerts.length} alerts, {statusWord(incident.status).toLowerCase()}
        {incident.tactics.length > 0 && <span className="t3"> {incident.tactics.join(', ')}</span>}
      </h3>
      <ol className="timeline">
        {incident.alerts.map((one) => (
          <li key={one.id}>
            <button
              type="button"
              aria-current={one.id === alert.id || undefined}
              onClick={() => onPick(one.id)}
              data-status={one.status}
            >
              <time className="num t3" dateTime={one.time}>
                {day(Date.parse(one.time))} {clock(Date.parse(one.time))}
              </time>
              <SeverityGlyph level={one.level} size={15} />
              <span className="cut">{visible(one.title)}</span>
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}
