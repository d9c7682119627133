import { SeverityGlyph } from '../alerts/SeverityGlyph';
import type { Alert } from '../domain/alert';
import { SEVERITIES } from '../domain/severity';
import { clockMinutes } from '../domain/units';
import { APART, room } from './room';

interface Props {
  alerts: readonly Alert[];
  from: number;
  to: number;
  x: (moment: number) => number;
  width: number;
  onAlert: (alert: Alert) => void;
}

const MOST = 40;
const LEAST = 60;

/** Where alerts were raised. The worst says its name where there is room; those too close to a worse one stand behind it. */
export function Marks({ alerts, from, to, x, width, onAlert }: Props) {
  const inside = alerts
    .filter((alert) => alert.time >= from && alert.time <= to)
    .sort((a, b) => SEVERITIES.indexOf(a.level) - SEVERITIES.indexOf(b.level) || b.time - a.time)
    .slice(0, MOST);
  const shown: Alert[] = [];
  for (const alert of inside)
    if (shown.every((other) => Math.abs(x(other.time) - x(alert.time)) >= APART)) shown.push(alert);
  const words =
    shown[0] &&
    room(
      x(shown[0].time),
      shown.slice(1).map((other) => x(other.time)),
      width,
    );
  return (
    <div className="marks">
      {shown.map((alert, at) => (
        <button
          key={alert.id}
          type="button"
          className="mark"
          style={{ left: x(alert.time) }}
          data-flip={(at === 0 && words?.flip) || undefined}
          title={`${clockMinutes(alert.time)} ${alert.title}`}
          aria-label={`Alert at ${clockMinutes(alert.time)}: ${alert.title}`}
          onPointerDown={(event) => event.stopPropagation()}
          onClick={() => onAlert(alert)}
        >
          <SeverityGlyph level={alert.level} size={12} />
          {at === 0 && words && words.width >= LEAST && (
            <span className="mark-text cut" style={{ maxWidth: words.width }} aria-hidden>
              {clockMinutes(alert.time)} {alert.title}
            </span>
          )}
        </button>
      ))}
    </div>
  );
}
