const WIDTH = 100;
const HEIGHT = 32;

/** The shape of a number over time. What it says is in the number and its comparison. */
export function Sparkline({ values }: { values: readonly (number | null)[] }) {
  const known = values.filter((value) => value !== null);
  if (known.length < 2) return <span className="sparkline" />;
  const most = Math.max(...known, 0) || 1;
  const x = (at: number) => (at / (values.length - 1)) * WIDTH;
  const y = (value: number) => HEIGHT - 2 - (value / most) * (HEIGHT - 4);
  const runs: [number, number][][] = [];
  values.forEach((value, at) => {
    if (value === null) return;
    if (!at || values[at - 1] === null || !runs.length) runs.push([]);
    runs.at(-1)?.push([x(at), y(value)]);
  });
  return (
    <svg
      className="sparkline"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="presentation"
    >
      {runs.map((run) => {
        const line = run.map(([a, b], at) => `${at ? 'L' : 'M'}${a.toFixed(2)} ${b.toFixed(2)}`).join('');
        const [first, last] = [run[0]?.[0] ?? 0, run.at(-1)?.[0] ?? 0];
        return (
          <g key={first}>
            <path d={`${line}L${last} ${HEIGHT}L${first} ${HEIGHT}Z`} className="sparkline-area" />
            <path d={line} className="sparkline-line" vectorEffect="non-scaling-stroke" />
          </g>
        );
      })}
    </svg>
  );
}
