interface Props {
  /** Connections let on: allowed or passed. */
  on: readonly string[];
  denied: readonly string[];
  width?: number;
}

const HEIGHT = 24;
const AXIS = 14;

/** What went on rises, what was denied hangs below the axis; the numbers stand beside it. */
export function Sparkline({ on, denied, width = 78 }: Props) {
  const [up, down] = [on.map(Number), denied.map(Number)];
  const [most, worst] = [Math.max(1, ...up), Math.max(1, ...down)];
  const step = width / Math.max(1, up.length);
  const points = up.map((value, at) => `${at * step},${AXIS - (AXIS - 1) * (value / most)}`);
  const quiet = !up.some(Boolean) && !down.some(Boolean);
  return (
    <svg
      className="spark"
      width={width}
      height={HEIGHT}
      viewBox={`0 0 ${width} ${HEIGHT}`}
      aria-hidden="true"
    >
      <line x1={0} x2={width} y1={AXIS} y2={AXIS} data-quiet={quiet || undefined} />
      {up.some(Boolean) && (
        <>
          <path d={`M0,${AXIS} L${points.join(' L')} L${(up.length - 1) * step},${AXIS} Z`} />
          <polyline points={points.join(' ')} />
        </>
      )}
      {down.map(
        (value, at) =>
          value > 0 && (
            <rect
              // biome-ignore lint/suspicious/noArrayIndexKey: a bucket is its place
              key={at}
              x={at * step}
              y={AXIS + 1}
              width={Math.max(1, step - 0.5)}
              height={Math.max(1.5, (HEIGHT - AXIS - 1) * (value / worst))}
            />
          ),
      )}
    </svg>
  );
}

/** Two trends as one. */
export const together = (one: readonly string[], other: readonly string[]): string[] =>
  one.map((value, at) => String(Number(value) + Number(other[at] ?? 0)));
