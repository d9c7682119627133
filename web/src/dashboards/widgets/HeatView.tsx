import { useNavigate } from '@tanstack/react-router';
import { type CSSProperties, type KeyboardEvent, useId, useState } from 'react';
import { type Answer, condensed } from '../answer';
import { calendarOf } from '../calendar';
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
  const board = useBoard();
  const heat = widget.calendar
    ? calendarOf(widget, widget.calendar, answer, board.scope.zone)
    : heatOf(widget, condensed(answer));
  const navigate = useNavigate();
  const id = useId();
  const [at, setAt] = useState<[number, number]>([0, 0]);
  const unit = unitOf(widget);
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
    const value = heat.cells[row]?.[column];
    const word = value === undefined ? 'outside of the range' : value === null ? 'none' : fully(value, unit);
    return `${heat.rows[row]}, ${heat.columns[column]}: ${word}`;
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
              className={heat.named === 1 ? 'heat-column cut' : 'heat-column'}
              title={column}
            >
              {place % heat.named === 0 ? column : ''}
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
              const value = heat.cells[row]?.[place];
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
                  data-outside={value === undefined || undefined}
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
