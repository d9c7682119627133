/** What the overview's discs, dots and lines stand for. */
export function OverviewLegend() {
  return (
    <div className="graph-legend overview-legend">
      <svg width="16" height="16" aria-hidden="true">
        <circle cx="8" cy="8" r="7.5" fill="var(--s2)" stroke="var(--l2)" />
        <circle cx="6" cy="6" r="1.6" fill="var(--t2)" />
        <circle cx="10.5" cy="7.5" r="1.6" fill="var(--t2)" />
        <circle cx="7" cy="11" r="1.6" fill="var(--t2)" />
      </svg>
      Namespace and workloads
      <svg width="22" height="10" aria-hidden="true">
        <path d="M0 5h22" stroke="var(--edge)" strokeWidth="1" />
      </svg>
      Allowed
      <svg width="30" height="12" aria-hidden="true">
        <path d="M0 6h22" stroke="var(--deny)" strokeWidth="2.6" />
        <circle cx="25" cy="6" r="4" fill="var(--deny)" />
      </svg>
      Denied
      <svg width="10" height="10" aria-hidden="true">
        <circle cx="5" cy="5" r="4.5" fill="var(--threat)" />
      </svg>
      Alert
      <span className="legend-rule" />
      Double-click a namespace to open it
    </div>
  );
}
