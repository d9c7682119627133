import type { Measure } from '../domain/traffic';
import { ENDS } from './widths';

export function Legend({ measure }: { measure: Measure }) {
  const [low, high] = ENDS[measure];
  return (
    <div className="graph-legend">
      <svg width="34" height="12" aria-hidden="true">
        <path d="M0 6h24" stroke="var(--edge)" strokeWidth="3" />
        <path d="M33 6l-9-5v10z" fill="var(--edge)" />
      </svg>
      Allowed
      <svg width="34" height="14" aria-hidden="true">
        <path d="M0 7h29" stroke="var(--deny)" strokeWidth="2" strokeDasharray="6 4" />
        <path d="M31 1v12" stroke="var(--deny)" strokeWidth="2.4" strokeLinecap="round" />
      </svg>
      Denied
      <svg width="34" height="14" aria-hidden="true">
        <path d="M0 4h26" stroke="var(--edge)" strokeWidth="2.4" />
        <path d="M0 10h29" stroke="var(--deny)" strokeWidth="2" strokeDasharray="6 4" />
      </svg>
      Both
      <svg width="34" height="10" aria-hidden="true">
        <path d="M0 5h34" stroke="var(--l3)" strokeWidth="1" />
      </svg>
      Infra layer
      <span className="legend-rule" />
      Width: {low}
      <svg width="54" height="10" aria-hidden="true">
        <path d="M0 5.6L54 9V1L0 4.4z" fill="var(--edge)" />
      </svg>
      {high}
    </div>
  );
}
