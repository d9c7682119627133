import { useNavigate } from '@tanstack/react-router';
import { type CSSProperties, type KeyboardEvent, useId, useState } from 'react';
import { clockMinutes, day } from '../../domain/units';
import { type Answer, condensed } from '../answer';
import { targetOf, useBoard } from '../context';
import { unitOf, type Widget } from '../document';
import { heatOf, strength } from '../heat';
import { briefly, fully } from '../values';

const STEPS: Record<string, [number, number]> = {
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
};

/** Cells by strength. One is reached by Tab, its neighbours by arrows, its logs by Enter or a click. */
export function HeatView({ widget, answer }: { widget: Widget; answer: Answer }) {
  const heat = heatOf(widget, condensed(answer));
  const board = useBoard();
  const navigate = useNavigate();
  const id = useId();
  const [at, setAt] = useState<[number, number]>([0, 0]);
  const unit = unitOf(widget);
  const far = answer.to - answer.from > 86_400_000;
  const columnWord = (column: number) => {
    const name = heat.columns[column];
    if (typeof name !== 'number') return name ?? '';
    return far ? `${day(name).slice(5)} ${clockMinutes(name)}` : clockMinutes(name);
  };
  const every = typeof heat.columns[0] === 'number' ? Math.ceil(heat.columns.length / 6) : 1;
  const go = (row: number, column: number) => {
    navigate(targetOf(board, widget, heat.markOf(row, column)));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    if (event.key === 'Enter') go(...at);
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    const hold = (value: number, most: number) => Math.max(0, Math.min(most - 1, value));
    setAt(([r, c]) => [hold(r + step[0], heat.rows.length), hold(c + step[1], heat.columns.length)]);
  };
  const told = (row: number, column: number) => {
    const value = heat.cells[row]?.[column] ?? null;
    return `${heat.rows[row]}, ${columnWord(column)}: ${value === null ? 'none' : fully(value, unit)}`;
  };
  return (
    <div className="heat-view">
      {/* biome-ignore lint/a11y/useSemanticElements: cells of a picture, whose table stands beside it */}
      <div
        className="heat-grid"
        role="grid"
        aria-label={`${widget.title}: arrows move, Enter opens the logs`}
        tabIndex={0}
        aria-activedescendant={`${id}-${at[0]}-${at[1]}`}
        onKeyDown={onKeyDown}
        style={{ gridTemplateColumns: `minmax(60px, auto) repeat(${heat.columns.length}, minmax(5px, 1fr))` }}
      >
        <div className="heat-row" aria-hidden>
          <span />
          {heat.columns.map((column, place) => (
            <span
              key={column}
              className={every === 1 ? 'heat-column cut' : 'heat-column'}
              title={columnWord(place)}
            >
              {place % every === 0 ? columnWord(place) : ''}
            </span>
          ))}
        </div>
        {heat.rows.map((name, row) => (
          // biome-ignore lint/a11y/useSemanticElements: a table would not take the room that there is
          <div key={name} role="row" className="heat-row" tabIndex={-1}>
            {/* biome-ignore lint/a11y/useSemanticElements: of the same grid */}
            <span role="rowheader" className="heat-name cut" title={name} tabIndex={-1}>
              {name}
            </span>
            {heat.columns.map((column, place) => {
              const value = heat.cells[row]?.[place] ?? null;
              return (
                // biome-ignore lint/a11y/useKeyWithClickEvents: the grid has the keys
                // biome-ignore lint/a11y/useSemanticElements: of the same grid
                <span
                  key={column}
                  id={`${id}-${row}-${place}`}
                  role="gridcell"
                  tabIndex={-1}
                  className="heat-cell"
                  data-at={(at[0] === row && at[1] === place) || undefined}
                  data-none={value === null || undefined}
                  aria-label={told(row, place)}
                  title={told(row, place)}
                  data-testid="heat-cell"
                  style={
                    { '--strength': `${Math.round(8 + 92 * strength(value, heat.most))}%` } as CSSProperties
                  }
                  onClick={() => go(row, place)}
                />
              );
            })}
          </div>
        ))}
      </div>
      <div className="heat-foot t3">
        <span>{heat.note}</span>
        <span className="heat-scale">
          0 <span className="heat-ramp" aria-hidden /> {briefly(heat.most, unit)}
        </span>
      </div>
    </div>
  );
}
