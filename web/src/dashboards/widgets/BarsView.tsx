import type { Answer } from '../answer';
import { type Bar, barsOf } from '../bars';
import type { Widget } from '../document';
import { briefly, fully } from '../values';
import { MarkLink } from './MarkLink';

/** Bars side by side for several metrics; one bar in pieces for a second group. */
export function BarsView({
  widget,
  answer,
  estimated,
}: {
  widget: Widget;
  answer: Answer;
  estimated: boolean;
}) {
  const { bars, scales, legend } = barsOf(widget, answer);
  const mark = (keys: Bar['keys']) => ({ keys, from: answer.from, to: answer.to });
  return (
    <div className="bars-view">
      {legend.length > 1 && (
        <ul className="legend" aria-label="Colours">
          {legend.map(({ name, tone }) => (
            <li key={name}>
              <span className="swatch" style={{ background: `var(--${tone})` }} aria-hidden />
              {name}
            </li>
          ))}
        </ul>
      )}
      <ul className="bar-list">
        {bars.map((bar) => (
          <li key={bar.id} data-rest={bar.rest || undefined}>
            {bar.rest ? (
              <span className="bar-name cut t3">{bar.name}</span>
            ) : (
              <MarkLink widget={widget} mark={mark(bar.keys)} className="bar-name cut">
                {bar.name}
              </MarkLink>
            )}
            <span className="bar-value num">
              {bar.totals
                .map((total, at) => `${estimated ? '~' : ''}${briefly(total, scales[at]?.unit ?? 'count')}`)
                .join(' / ')}
            </span>
            <span className="bar-track">
              {bar.lines.map((line, row) => {
                const { most, unit } = scales[row] ?? { most: 0, unit: 'count' as const };
                return (
                  <span key={line.map(({ name }) => name).join()} className="bar-line">
                    {line.map((piece) => {
                      const width = `${most ? (100 * piece.value) / most : 0}%`;
                      const told = `${bar.name}, ${piece.name}: ${fully(piece.value, unit)}`;
                      return (
                        <span
                          key={piece.name}
                          className="bar"
                          title={told}
                          data-row={row}
                          style={{ width, background: `var(--${piece.tone})` }}
                        />
                      );
                    })}
                  </span>
                );
              })}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
