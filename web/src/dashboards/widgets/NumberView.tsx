import { IconArrowDownRight, IconArrowUpRight, IconEqual } from '@tabler/icons-react';
import { span } from '../../domain/units';
import { type Answer, condensed } from '../answer';
import { unitOf, type Widget } from '../document';
import type { Answers } from '../feed';
import { plotOf } from '../series';
import { addsUp, change, fully, inParts, perSecond } from '../values';
import { MarkLink } from './MarkLink';
import { Sparkline } from './Sparkline';

const WAYS = { '1': IconArrowUpRight, '0': IconEqual, '-1': IconArrowDownRight };

/** One number, how it went, and how it was in the range before. */
export function NumberView({
  widget,
  answers,
  estimated,
}: {
  widget: Widget;
  answers: Answers;
  estimated: boolean;
}) {
  const { main, trend, before } = answers;
  if (!main) return null;
  const unit = unitOf(widget);
  const now = measuredIn(widget, main);
  const [digits, rest] = inParts(now, unit);
  const was = before ? measuredIn(widget, before) : null;
  const moved = change(now, was);
  const Way = moved ? WAYS[`${moved.way}`] : null;
  const points = trend ? (plotOf(widget, condensed(trend)).series[0]?.values ?? []) : [];
  return (
    <div className="number">
      <MarkLink widget={widget} mark={{ keys: [], from: main.from, to: main.to }} className="number-value">
        {estimated && <span className="approximately">~</span>}
        <span className="num" data-testid="number" title={now === null ? undefined : fully(now, unit)}>
          {digits}
        </span>
        {rest && <span className="number-unit">{rest}</span>}
      </MarkLink>
      <Sparkline values={points} />
      <p className="number-change t3">
        {moved && Way ? (
          <>
            <Way size={13} stroke={2} aria-hidden />
            <span className="t2 num">{moved.text}</span> {moved.way === 0 ? 'as' : 'against'} the{' '}
            {span(main.to - main.from)} before
          </>
        ) : (
          `Nothing to compare with in the ${span(main.to - main.from)} before`
        )}
      </p>
    </div>
  );
}

function measuredIn(widget: Widget, answer: Answer): number | null {
  const metric = widget.query.metrics[0];
  if (!metric) return null;
  // No record at all is 0 of what adds up, and nothing known of what does not.
  const value = answer.rows[0]?.values[0] ?? (addsUp(metric) || metric.op === 'distinct' ? 0 : null);
  return perSecond(value, unitOf(widget), metric, (answer.to - answer.from) / 1000);
}
