import type { Posture, Rating } from '../api/posture';
import { visible } from '../domain/names';
import { plural } from '../domain/units';
import { change, levelOf, percent, whole } from './model';
import { Trend } from './Trend';

interface Props {
  rating: Rating;
  posture: Posture;
  table: boolean;
}

/** The score, what it rests on, and how it was over the range. */
export function Score({ rating, posture, table }: Props) {
  const { score, atMost, coverage, workloads } = rating;
  const delta = change(rating);
  return (
    <section className="posture-card posture-score" aria-labelledby="posture-score">
      <h2 id="posture-score">
        {rating.namespace === null ? 'Security posture' : `Posture of ${visible(rating.namespace)}`}
      </h2>
      <div className="posture-now">
        <p className="posture-number" data-level={levelOf(score)} data-testid="posture-score">
          {score === null ? (
            <span className="posture-unknown">unknown</span>
          ) : (
            <>
              {whole(score)}
              <span className="t3">/100</span>
            </>
          )}
        </p>
        {delta !== null && (
          <p className="posture-delta">
            {delta === 0 ? 'Unchanged' : `${delta > 0 ? 'Up' : 'Down'} ${Math.abs(delta)}`} over the range
          </p>
        )}
        <p className="posture-basis" data-testid="posture-basis">
          <span className="t2">Based on</span>
          <strong>{percent(coverage)} of the data</strong>
          <span className="t3">
            {coverage < 1 ? `${whole(atMost)} at most, if the rest were safe` : plural(workloads, 'workload')}
          </span>
        </p>
      </div>
      <Trend starts={posture.starts} end={posture.range.to} rating={rating} table={table} />
    </section>
  );
}
