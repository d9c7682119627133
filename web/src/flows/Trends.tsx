import { IconBan } from '@tabler/icons-react';
import type { Traffic } from '../domain/traffic';
import { RATES, rateOf } from './rates';
import type { Trend } from './trend';

interface Props {
  allowed: Traffic;
  denied: Traffic;
  seconds: number;
  trend: Trend | null;
}

const WIDTH = 340;
const RISE = 40;
const HANG = 10;

/** Three rates with their course: allowed rises, denied hangs below. */
export function Trends({ allowed, denied, seconds, trend }: Props) {
  return (
    <div className="trends" data-testid="ring-trends">
      {RATES.map(({ measure, name, unit }) => (
        <div key={name} className="trend" data-testid={`trend-${measure}`}>
          <p className="trend-head">
            <strong>{name}</strong>
            {denied.records > 0 && (
              <span className="deny-ink">
                <IconBan size={12} stroke={2.2} role="img" aria-label="denied" />{' '}
                {rateOf(denied, measure, seconds)}
              </span>
            )}
            <span className="top-space" />
            <span className="trend-rate num" data-testid={`rate-${measure}`}>
              {rateOf(allowed, measure, seconds)}
            </span>
            <span className="t3">{unit}</span>
          </p>
          <Course allowed={trend?.allowed[measure] ?? []} denied={trend?.denied[measure] ?? []} />
        </div>
      ))}
    </div>
  );
}

interface CourseProps {
  allowed: readonly (number | null)[];
  denied: readonly (number | null)[];
}

function Course({ allowed, denied }: CourseProps) {
  const most = Math.max(1e-9, ...allowed.map((value) => value ?? 0));
  const worst = Math.max(1e-9, ...denied.map((value) => value ?? 0));
  const wide = WIDTH / Math.max(1, allowed.length);
  const points = allowed.flatMap((value, at) =>
    value === null ? [] : [{ x: (at + 0.5) * wide, y: RISE - (value / most) * (RISE - 3) }],
  );
  const line = points.map(({ x, y }, at) => `${at ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}`).join('');
  const [first, last] = [points[0]?.x ?? 0, points.at(-1)?.x ?? 0];
  return (
    <svg
      className="trend-course"
      viewBox={`0 0 ${WIDTH} ${RISE + HANG}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <path className="trend-axis" d={`M0 ${RISE}H${WIDTH}`} />
      {line && (
        <path className="trend-area" d={`${line}L${last.toFixed(1)} ${RISE}L${first.toFixed(1)} ${RISE}Z`} />
      )}
      {line && <path className="trend-line" d={line} vectorEffect="non-scaling-stroke" />}
      {denied.map((value, at) =>
        value ? (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: buckets are told apart by their place only
            key={at}
            className="trend-denied"
            x={at * wide + wide * 0.15}
            y={RISE + 2}
            width={wide * 0.7}
            height={2 + (value / worst) * (HANG - 3)}
          />
        ) : null,
      )}
    </svg>
  );
}
