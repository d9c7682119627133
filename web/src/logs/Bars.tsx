import { memo } from 'react';
import { KINDS, type LogKind } from '../domain/log-kinds';
import { exact } from '../domain/units';
import { tallest } from './bands';
import { PLOT } from './Histogram';
import type { Shown } from './use-histogram';

interface Props {
  shown: Shown;
  kind: LogKind;
  x: (moment: number) => number;
  width: number;
  inside: { from: number; to: number };
}

/** The bands of each bucket on top of each other. */
export const Bars = memo(function Bars({ shown, kind, x, width, inside }: Props) {
  const { bands, starts, interval } = shown;
  const scale = PLOT / tallest(bands);
  const words = bands.map((band) => `${exact(band.total)} ${band.label}`).join(', ');
  return (
    <svg
      className="bars"
      width={width}
      height={PLOT}
      role="img"
      aria-label={`${KINDS[kind].label} over time: ${words || 'none'}`}
    >
      <defs>
        {bands
          .filter((band) => band.hatched)
          .map((band) => (
            <pattern
              key={band.tone}
              id={`band-${band.tone}`}
              width="4"
              height="4"
              patternUnits="userSpaceOnUse"
              patternTransform="rotate(45)"
            >
              <rect width="4" height="4" fill={`var(--${band.tone})`} />
              <path d="M0 0v4" stroke="var(--canvas)" strokeWidth="1.6" strokeOpacity="0.45" />
            </pattern>
          ))}
      </defs>
      {starts.map((start, at) => {
        const left = Math.max(0, x(start));
        const right = Math.min(width, x(start + interval));
        const wide = Math.max(1, right - left - (right - left > 3 ? 1 : 0));
        const dim = start + interval <= inside.from || start >= inside.to;
        let top = PLOT;
        return (
          <g key={start} opacity={dim ? 0.45 : 1}>
            {bands.map((band) => {
              const count = band.counts[at] ?? 0;
              if (count === 0) return null;
              const high = Math.max(1, count * scale);
              top -= high;
              return (
                <rect
                  key={band.label}
                  x={left}
                  width={wide}
                  y={Math.max(0, top)}
                  height={high}
                  fill={band.hatched ? `url(#band-${band.tone})` : `var(--${band.tone})`}
                />
              );
            })}
          </g>
        );
      })}
      <path d={`M0 ${PLOT - 0.5}H${width}`} stroke="var(--l2)" />
    </svg>
  );
});
