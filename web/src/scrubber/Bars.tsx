import { memo } from 'react';
import { exact } from '../domain/units';
import { type Bucket, scaleOf } from './bars';
import { PLOT } from './Scrubber';

interface Props {
  buckets: readonly Bucket[];
  interval: number;
  x: (moment: number) => number;
  width: number;
  inside: { from: number; to: number };
}

export const Bars = memo(function Bars({ buckets, interval, x, width, inside }: Props) {
  const { up, down, axis } = scaleOf(buckets, PLOT);
  const sums = buckets.reduce(
    (all, bucket) => ({ allowed: all.allowed + bucket.allowed, denied: all.denied + bucket.denied }),
    { allowed: 0, denied: 0 },
  );
  return (
    <svg
      className="bars"
      width={width}
      height={PLOT}
      role="img"
      aria-label={`Flow records over time: ${exact(sums.allowed)} allowed, ${exact(sums.denied)} denied`}
    >
      <defs>
        <pattern id="hatch" width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect width="4" height="4" fill="var(--deny)" />
          <path d="M0 0v4" stroke="var(--canvas)" strokeWidth="1.6" strokeOpacity="0.45" />
        </pattern>
      </defs>
      {buckets.map((bucket) => {
        const left = x(bucket.at);
        const gap = Math.max(1, x(bucket.at + interval * 1000) - left) > 3 ? 1 : 0;
        const wide = Math.max(1, x(bucket.at + interval * 1000) - left - gap);
        const dim = bucket.at + interval * 1000 <= inside.from || bucket.at >= inside.to;
        return (
          <g key={bucket.at} opacity={dim ? 0.45 : 1}>
            {bucket.allowed > 0 && (
              <rect
                x={left}
                width={wide}
                y={axis - bucket.allowed * up}
                height={Math.max(1, bucket.allowed * up)}
                fill="var(--edge)"
              />
            )}
            {bucket.denied > 0 && (
              <rect
                x={left}
                width={wide}
                y={axis + 1}
                height={Math.max(2, bucket.denied * down)}
                fill="url(#hatch)"
              />
            )}
          </g>
        );
      })}
      <path d={`M0 ${axis + 0.5}H${width}`} stroke="var(--l2)" />
    </svg>
  );
});
