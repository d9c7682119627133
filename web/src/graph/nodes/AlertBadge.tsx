import { toneOf } from '../../alerts/SeverityGlyph';
import { type Severity, severityWord } from '../../domain/severity';

const SHAPES: Record<Severity, string> = {
  CRITICAL: 'M12 1l9.5 5.5v11L12 23l-9.5-5.5v-11z',
  HIGH: 'M12 1.5L23 22H1z',
  MEDIUM: 'M12 1l11 11-11 11L1 12z',
  LOW: 'M12 1.5a10.5 10.5 0 1 1 0 21 10.5 10.5 0 0 1 0-21z',
};

/** How many open alerts a node has, in the shape of the worst. */
export function AlertBadge({ level, count }: { level: Severity; count: number }) {
  const tone = toneOf(level);
  const filled = level === 'CRITICAL' || level === 'HIGH';
  return (
    <svg
      className="alert-badge"
      width="24"
      height="24"
      viewBox="0 0 24 24"
      role="img"
      aria-label={`${count} open, ${severityWord(level)}`}
    >
      <path
        d={SHAPES[level]}
        fill={filled ? `var(--${tone})` : 'var(--s1)'}
        stroke={`var(--${tone})`}
        strokeWidth="1.6"
        strokeLinejoin="round"
      />
      <text
        x="12"
        y={level === 'HIGH' ? 19 : 16}
        textAnchor="middle"
        fill={filled ? 'var(--app)' : `var(--${tone})`}
      >
        {count > 99 ? '99' : count}
      </text>
    </svg>
  );
}
