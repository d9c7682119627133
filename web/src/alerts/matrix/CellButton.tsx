import { visible } from '../../domain/names';
import { exact, plural } from '../../domain/units';
import { SeverityGlyph } from '../SeverityGlyph';
import type { Cell } from './matrix';

interface Props {
  cell: Cell;
  chosen: boolean;
  /** With the filter of its alerts, or none where it was chosen. */
  onChoose: (filter: string) => void;
}

/** A technique: how many alerts name it, how bad the worst is, and which rules look for it. */
export function CellButton({ cell, chosen, onChoose }: Props) {
  const { technique, name, count, severity, rules, filter } = cell;
  return (
    <button
      type="button"
      className="matrix-cell"
      data-level={severity ?? undefined}
      data-technique={technique ?? undefined}
      aria-pressed={chosen}
      title={rules.length ? `Looked for by ${rules.map(visible).join(', ')}` : undefined}
      onClick={() => onChoose(chosen ? '' : filter)}
      data-testid="matrix-cell"
    >
      <span className="matrix-name">
        {technique !== null && <span className="mono t3">{visible(technique)} </span>}
        {name}
      </span>
      <span className="matrix-count">
        {severity && <SeverityGlyph level={severity} size={14} />}
        <span className="num">{exact(count)}</span>
        <span className="visually-hidden">{count === 1 ? 'alert' : 'alerts'}</span>
        <span className="matrix-meta">{rules.length ? plural(rules.length, 'rule') : 'no rule'}</span>
      </span>
    </button>
  );
}
