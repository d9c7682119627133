/** The graph page before it is there, in its final geometry. */
const CARDS = [
  [6, 30],
  [24, 22],
  [24, 52],
  [46, 14],
  [46, 44],
  [68, 26],
  [68, 56],
];

export function GraphSkeleton() {
  return (
    <div className="graph-skeleton" aria-busy="true" role="status">
      <span className="visually-hidden">Loading the service graph</span>
      {CARDS.map(([x, y]) => (
        <div key={`${x} ${y}`} className="skeleton-card" style={{ left: `${x}%`, top: `${y}%` }} />
      ))}
    </div>
  );
}
