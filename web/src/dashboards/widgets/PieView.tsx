import type { Answer } from '../answer';
import { unitOf, type Widget } from '../document';
import { arc, slicesOf } from '../slices';
import { briefly, fully } from '../values';
import { MarkLink } from './MarkLink';

const percent = (part: number) =>
  part > 0 && part < 0.001 ? '< 0.1 %' : `${(100 * part).toFixed(part < 0.0995 ? 1 : 0)} %`;

/** A ring with its parts named beside it, where each leads to its logs. */
export function PieView({
  widget,
  answer,
  estimated,
}: {
  widget: Widget;
  answer: Answer;
  estimated: boolean;
}) {
  const slices = slicesOf(widget, answer);
  const unit = unitOf(widget);
  const whole = slices.reduce((sum, { value }) => sum + value, 0);
  let turned = 0;
  return (
    <div className="pie-view">
      <div className="pie-ring">
        <svg viewBox="-50 -50 100 100" role="presentation">
          {slices.map(({ name, tone, part }) => {
            const from = turned;
            turned += part;
            return (
              <path key={name} d={arc(from, turned, 48, 31)} fill={`var(--${tone})`} className="pie-part">
                <title>{`${name}: ${percent(part)}`}</title>
              </path>
            );
          })}
        </svg>
        <span className="pie-whole num">
          {estimated && '~'}
          {briefly(whole, unit)}
        </span>
      </div>
      <ul className="pie-list">
        {slices.map((slice) => (
          <li key={slice.name}>
            <span className="swatch" style={{ background: `var(--${slice.tone})` }} aria-hidden />
            {slice.key === undefined ? (
              <span className="cut t3">{slice.name}</span>
            ) : (
              <MarkLink
                widget={widget}
                mark={{ keys: [slice.key], from: answer.from, to: answer.to }}
                className="cut"
              >
                {slice.name}
              </MarkLink>
            )}
            <span className="num t3" title={fully(slice.value, unit)}>
              {briefly(slice.value, unit)}
            </span>
            <span className="num strong">{percent(slice.part)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
