import { useMemo } from 'react';
import { TopValuesDocument } from '../api/logs';
import { useAsk } from '../api/use-ask';
import { visible } from '../domain/names';
import { exact } from '../domain/units';
import { condition, negated } from '../kql/conjuncts';
import type { Actions } from './actions';
import type { Field } from './columns';
import { dated } from './format';
import type { Question } from './use-question';
import { ValueActions } from './ValueActions';

const LIMIT = 8;

/** The most frequent values of a field among what matches, with their share of it. */
export function FieldValues({
  field,
  question,
  actions,
}: {
  field: Field;
  question: Question;
  actions: Actions;
}) {
  const { kind, range, clusters, filter } = question;
  const variables = useMemo(
    () => ({ kind, field: field.name, range, clusters, filter, limit: LIMIT }),
    [kind, field.name, range, clusters, filter],
  );
  const { data, current, problem, retry } = useAsk(TopValuesDocument, variables);
  if (problem)
    return (
      <p className="field-note warn-ink" role="alert">
        The values did not answer: {problem.message}{' '}
        <button type="button" className="button small" onClick={retry}>
          Try again
        </button>
      </p>
    );
  if (!data) return <div className="skeleton field-wait" />;
  const { values, other, missing } = data.topValues;
  const all = values.reduce((sum, value) => sum + Number(value.count), Number(other) + Number(missing));
  const share = (count: string) => (all ? (Number(count) / all) * 100 : 0);
  const percent = (count: string) => {
    const value = share(count);
    return value > 0 && value < 1 ? '<1%' : `${Math.round(value)}%`;
  };
  const none = condition(field.name, null);
  return (
    <ul className="field-values" data-stale={!current || undefined}>
      {values.map(({ value, count }) => {
        const text = value ?? '';
        const part = condition(field.name, text);
        const shown = field.type === 'date' ? dated(text) : visible(text);
        return (
          <li key={text} data-testid="field-value">
            <button
              type="button"
              className="field-pick"
              title={`${exact(count)} records. Press to filter for it, with Alt to filter it out.`}
              onClick={(event) => (event.altKey ? actions.exclude(part) : actions.include(part))}
            >
              <span className="mono cut">{shown || 'empty text'}</span>
              <span className="num t2">{percent(count)}</span>
              <span className="field-bar" aria-hidden>
                <span style={{ width: `${share(count)}%` }} />
              </span>
            </button>
            <ValueActions of={shown} part={part} text={text} actions={actions} reachable />
          </li>
        );
      })}
      {Number(other) > 0 && (
        <li className="t3">
          Other values <span className="num">{percent(other)}</span>
        </li>
      )}
      {Number(missing) > 0 && (
        <li>
          <button
            type="button"
            className="field-pick t3"
            title="Press to filter for records without it, with Alt to filter them out."
            onClick={(event) => actions.include(event.altKey ? negated(none) : none)}
          >
            <span>without it</span>
            <span className="num">{percent(missing)}</span>
          </button>
        </li>
      )}
      {all === 0 && <li className="t3">No record matches.</li>}
    </ul>
  );
}
