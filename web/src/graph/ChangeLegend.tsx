/** How lines look beside an earlier range. */
export function ChangeLegend() {
  return (
    <div className="graph-legend">
      <svg width="34" height="12" aria-hidden="true">
        <path d="M0 6h24" stroke="var(--brandText)" strokeWidth="3" />
        <path d="M33 6l-9-5v10z" fill="var(--brandText)" />
      </svg>
      New, or now allowed
      <svg width="34" height="14" aria-hidden="true">
        <path d="M0 7h29" stroke="var(--deny)" strokeWidth="2" strokeDasharray="6 4" />
        <path d="M31 1v12" stroke="var(--deny)" strokeWidth="2.4" strokeLinecap="round" />
      </svg>
      Denied
      <svg width="34" height="12" aria-hidden="true">
        <path d="M2 6h30" stroke="var(--t3)" strokeWidth="3" strokeDasharray="1.5 6" strokeLinecap="round" />
      </svg>
      Gone
      <span className="tag-new">×3</span>
      Busier
      <span className="tag-new">÷3</span>
      Calmer
      <svg width="34" height="10" aria-hidden="true">
        <path d="M0 5h34" stroke="var(--edge)" strokeWidth="2" opacity="0.3" />
      </svg>
      As before
    </div>
  );
}
