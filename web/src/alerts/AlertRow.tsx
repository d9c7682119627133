import type { Alert } from '../domain/alert';
import { displayName, inNamespace } from '../domain/names';
import { ago } from '../domain/units';
import { SeverityGlyph } from './SeverityGlyph';

interface Props {
  alert: Alert;
  now: number;
  selected: boolean;
  fresh: boolean;
  onPick: () => void;
}

export function placeOf(node: Alert['source']): string {
  if (!node) return 'several';
  const name = displayName(node.kind, node.name);
  return node.kind === 'NAMESPACE' ? name : inNamespace(node.namespace, name);
}

export function AlertRow({ alert, now, selected, fresh, onPick }: Props) {
  return (
    <li>
      <button
        type="button"
        className="alert-row"
        data-testid="alert-row"
        data-alert-id={alert.id}
        data-level={alert.level}
        data-fresh={fresh || undefined}
        data-status={alert.status}
        aria-current={selected || undefined}
        onClick={onPick}
      >
        <SeverityGlyph level={alert.level} />
        <span className="alert-text">
          <span className="alert-title">{alert.title}</span>
          <span className="alert-path cut">
            {placeOf(alert.source)} → {placeOf(alert.target)}
            {alert.port !== null && `, ${alert.protocol ?? 'port'} ${alert.port}`}
          </span>
          <span className="alert-tags">
            {alert.tactic && <span className="chip">{alert.tactic}</span>}
            {alert.technique && <span className="chip">{alert.technique}</span>}
          </span>
        </span>
        <time
          className="alert-when num"
          dateTime={new Date(alert.time).toISOString()}
          data-recent={now - alert.time < 60_000 || undefined}
        >
          {ago(alert.time, now)}
        </time>
      </button>
    </li>
  );
}
