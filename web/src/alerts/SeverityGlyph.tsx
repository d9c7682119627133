import { type Severity, severityWord } from '../domain/severity';

/** Shape gives the rank: filled hexagon, filled triangle, hollow diamond, hollow circle. */
const SHAPES: Record<Severity, { path: string; filled: boolean; tone: string }> = {
  CRITICAL: { path: 'M10 1.8l7.1 4.1v8.2L10 18.2l-7.1-4.1V5.9z', filled: true, tone: 'threat' },
  HIGH: { path: 'M10 2.6l8 14H2z', filled: true, tone: 'deny' },
  MEDIUM: { path: 'M10 2.2l7.8 7.8-7.8 7.8L2.2 10z', filled: false, tone: 'warn' },
  LOW: { path: 'M10 3.2a6.8 6.8 0 1 1 0 13.6 6.8 6.8 0 0 1 0-13.6z', filled: false, tone: 'pass' },
};

export const toneOf = (level: Severity): string => SHAPES[level].tone;

export function SeverityGlyph({ level, size = 18 }: { level: Severity; size?: number }) {
  const { path, filled, tone } = SHAPES[level];
  return (
    <svg width={size} height={size} viewBox="0 0 20 20" role="img" aria-label={severityWord(level)}>
      <path
        d={path}
        fill={filled ? `var(--${tone})` : 'none'}
        stroke={`var(--${tone})`}
        strokeWidth="1.8"
        strokeLinejoin="round"
      />
      {filled && (
        <path d="M10 6.4v4.2M10 13.2v.3" stroke="var(--app)" strokeWidth="1.9" strokeLinecap="round" />
      )}
    </svg>
  );
}
