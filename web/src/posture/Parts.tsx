import type { Part } from '../api/posture';
import { exact } from '../domain/units';
import { LIMITED } from './ImageScans';
import { example, percent, TITLES, whole } from './model';

interface Props {
  parts: readonly Part[];
  /** Whether this person may bring in results of image scans; null while that is not known. */
  scannable: boolean | null;
}

/** What makes the score: of each part what is safe, what is not, and what nobody knows. */
export function Parts({ parts, scannable }: Props) {
  return (
    <section className="posture-card" aria-labelledby="posture-parts">
      <h2 id="posture-parts">What makes the score</h2>
      <ul className="posture-parts">
        {parts.map((part) => (
          <li key={part.component} data-testid={`part-${part.component}`}>
            <p className="part-head">
              <span>{TITLES[part.component]}</span>
              <strong className="num">{part.score === null ? 'unknown' : whole(part.score)}</strong>
            </p>
            <Bar part={part} />
            <p className="part-told t2">
              <span className="cut" title={part.examples.map(example).join(', ')}>
                {told(part, scannable)}
              </span>
              <span className="t3">
                {part.weight === 0 ? 'not counted' : `weight ${part.weight}, ${percent(part.coverage)} known`}
              </span>
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}

const Bar = ({ part: { safe, unsafe, unknown } }: { part: Part }) => {
  const total = Math.max(1, safe + unsafe + unknown);
  const width = (count: number) => ({ width: `${(100 * count) / total}%` });
  return (
    <span className="part-bar" aria-hidden="true">
      <span className="part-safe" style={width(safe)} />
      <span className="part-unsafe" style={width(unsafe)} />
    </span>
  );
};

function told({ component, safe, unsafe, unknown, examples }: Part, scannable: boolean | null): string {
  if (component === 'IMAGES' && safe + unsafe === 0)
    return `No results of scans. ${scannable === false ? LIMITED : 'Import them, or drop their files here.'}`;
  if (safe + unsafe + unknown === 0) return 'No workloads.';
  const counts = [
    `${exact(safe)} safe`,
    unsafe > 0 && `${exact(unsafe)} not`,
    unknown > 0 && `${exact(unknown)} unknown`,
  ];
  const first = examples[0];
  const among = first === undefined ? '' : `: ${example(first)}${unsafe > 1 ? ', …' : ''}`;
  return counts.filter(Boolean).join(', ') + among;
}
