import { IconAffiliate } from '@tabler/icons-react';
import { POWERS } from '../domain/ring-state';
import type { Measure } from '../domain/traffic';
import { RATES } from './rates';

interface Props {
  measure: Measure;
  power: number;
  crowded: boolean;
  onScale: (power: number) => void;
  onGraph: () => void;
}

/** What the forms mean, and how wide is how much. */
export function RingLegend({ measure, power, crowded, onScale, onGraph }: Props) {
  const unit = RATES.find((rate) => rate.measure === measure)?.name ?? '';
  const scale =
    power >= POWERS.most
      ? unit
      : power <= POWERS.least
        ? `the square root of ${unit}`
        : `${unit} to the ${power}`;
  return (
    <div className="ring-foot">
      <div className="ring-legend">
        <svg width="24" height="10" aria-hidden="true">
          <rect x="0.5" y="0.5" width="23" height="9" rx="2" className="legend-allowed" />
        </svg>
        <span className="wide-only">Allowed, colour of who opened it</span>
        <span className="narrow-only">Allowed</span>
        <svg width="24" height="10" aria-hidden="true">
          <rect x="0.5" y="0.5" width="23" height="9" rx="2" className="legend-denied" />
        </svg>
        Denied
        <svg width="24" height="10" aria-hidden="true">
          <rect x="1" y="1" width="22" height="8" rx="2" className="legend-threat" />
        </svg>
        Alert
        <span className="legend-rule" />
        <label className="ring-scale" title="The wheel does the same">
          Width is {scale}
          <input
            type="range"
            min={POWERS.least}
            max={POWERS.most}
            step={0.05}
            value={power}
            aria-label="From the square root to what is true to volume"
            data-testid="ring-scale"
            onChange={(event) => onScale(Number(event.target.value))}
          />
        </label>
      </div>
      {crowded && (
        <p className="ring-note">
          There are too many names for one ring: go into a namespace to see its own.
        </p>
      )}
      <span className="top-space" />
      <button type="button" className="button small" onClick={onGraph} data-testid="ring-to-graph">
        <IconAffiliate size={14} stroke={1.75} aria-hidden />
        Open in the graph
      </button>
    </div>
  );
}
