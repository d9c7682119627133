import type { Part, Rating } from '../api/posture';
import { visible } from '../domain/names';
import { exact } from '../domain/units';
import { change, levelOf, percent, whole } from './model';

const SHOWN: [Part['component'], string][] = [
  ['ISOLATION', 'Isolation'],
  ['EGRESS', 'Egress'],
  ['EXPOSURE', 'Exposure'],
];

interface Props {
  namespaces: readonly Rating[];
  total: number;
  clusters: boolean;
  onPick: (rating: Rating) => void;
}

/** Riskiest first; what is not known says so in each cell. */
export function Namespaces({ namespaces, total, clusters, onPick }: Props) {
  return (
    <section className="posture-card" aria-labelledby="posture-namespaces">
      <h2 id="posture-namespaces">
        Riskiest namespaces <span className="count">{exact(total)}</span>
      </h2>
      <div className="posture-table">
        <table className="table" aria-labelledby="posture-namespaces" data-testid="posture-namespaces">
          <thead>
            <tr>
              <th scope="col">Namespace</th>
              {clusters && <th scope="col">Cluster</th>}
              <th scope="col">Score</th>
              <th scope="col" className="right">
                Change
              </th>
              <th scope="col" className="right">
                Known
              </th>
              {SHOWN.map(([component, word]) => (
                <th key={component} scope="col" className="right">
                  {word}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {namespaces.map((rating) => (
              <Row
                key={`${rating.cluster} ${rating.namespace}`}
                rating={rating}
                clusters={clusters}
                onPick={() => onPick(rating)}
              />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Row({ rating, clusters, onPick }: { rating: Rating; clusters: boolean; onPick: () => void }) {
  const { score, coverage, components } = rating;
  const delta = change(rating);
  const parts = new Map(components.map((part) => [part.component, part]));
  return (
    <tr data-testid="posture-namespace">
      <td>
        <button type="button" className="posture-name" onClick={onPick}>
          {visible(rating.namespace ?? '')}
        </button>
      </td>
      {clusters && <td>{visible(rating.cluster ?? '')}</td>}
      <td>
        <span className="posture-meter" data-level={levelOf(score)}>
          <span aria-hidden="true">
            <i style={{ width: `${score ?? 0}%` }} />
          </span>
          <strong className="num">{score === null ? 'unknown' : whole(score)}</strong>
        </span>
      </td>
      <td className="right num">{delta === null ? '–' : delta > 0 ? `+${delta}` : delta}</td>
      <td className="right num">{percent(coverage)}</td>
      {SHOWN.map(([component]) => {
        const part = parts.get(component);
        return (
          <td key={component} className="right num" data-unknown={part?.score === null || undefined}>
            {part && part.score !== null ? whole(part.score) : 'unknown'}
          </td>
        );
      })}
    </tr>
  );
}
