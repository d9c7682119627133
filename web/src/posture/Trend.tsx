import type { Rating } from '../api/posture';
import { clockMinutes, day } from '../domain/units';
import { comparable, percent, whole } from './model';

interface Props {
  starts: readonly string[];
  end: string;
  rating: Pick<Rating, 'trend' | 'trendCoverage'>;
  table: boolean;
}

const [WIDTH, HEIGHT, LEFT, TOP, BOTTOM] = [560, 300, 30, 8, 22];
const TICKS = [0, 25, 50, 75, 100];
const DAY = 86_400_000;

/** A step for each part of the range. A gap where nothing is known, dashed where less is known than now. */
export function Trend({ starts, end, rating, table }: Props) {
  const { trend, trendCoverage } = rating;
  const like = comparable(rating);
  const edges = [...starts, end].map((moment) => Date.parse(moment));
  const [first, last] = [edges[0] ?? 0, edges[edges.length - 1] ?? 1];
  const label = (moment: number) => (last - first > DAY ? `${day(moment)} ` : '') + clockMinutes(moment);
  if (table) {
    return (
      <table className="table posture-trend-table" aria-label="Score over time" data-testid="trend-table">
        <thead>
          <tr>
            <th scope="col">From, UTC</th>
            <th scope="col" className="right">
              Score
            </th>
            <th scope="col" className="right">
              Known
            </th>
          </tr>
        </thead>
        <tbody>
          {trend.map((value, at) => (
            <tr key={edges[at]}>
              <td className="num">{label(edges[at] ?? 0)}</td>
              <td className="right num">{value === null ? 'unknown' : whole(value)}</td>
              <td className="right num">{percent(trendCoverage[at] ?? 0)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    );
  }
  const x = (moment: number) => LEFT + ((moment - first) / Math.max(1, last - first)) * (WIDTH - LEFT - 4);
  const y = (value: number) => TOP + (1 - value / 100) * (HEIGHT - TOP - BOTTOM);
  return (
    <figure className="posture-trend">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" data-testid="trend">
        <title>{`Score over time: ${trend.map((value) => (value === null ? 'unknown' : whole(value))).join(', ')}`}</title>
        {TICKS.map((tick) => (
          <g key={tick}>
            <line className="trend-grid" x1={LEFT} x2={WIDTH - 4} y1={y(tick)} y2={y(tick)} />
            <text x={LEFT - 6} y={y(tick) + 3} textAnchor="end">
              {tick}
            </text>
          </g>
        ))}
        {trend.map((value, at) => {
          const [from, to] = [x(edges[at] ?? 0), x(edges[at + 1] ?? 0)];
          const before = trend[at - 1] ?? null;
          return (
            value !== null && (
              <g key={edges[at]} data-like={like[at]}>
                <rect
                  className="trend-fill"
                  x={from}
                  width={to - from}
                  y={y(value)}
                  height={y(0) - y(value)}
                />
                {before !== null && (
                  <line className="trend-line" x1={from} x2={from} y1={y(before)} y2={y(value)} />
                )}
                <line className="trend-line" x1={from} x2={to} y1={y(value)} y2={y(value)} />
              </g>
            )
          );
        })}
        <text x={LEFT} y={HEIGHT - 6}>
          {label(first)}
        </text>
        <text x={WIDTH - 4} y={HEIGHT - 6} textAnchor="end">
          {label(last)}
        </text>
      </svg>
      {trend.some((value, at) => value !== null && !like[at]) && (
        <figcaption className="t3">Dashed: not the same share of the data was known.</figcaption>
      )}
    </figure>
  );
}
