import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { GroupedDocument } from '../api/grouped';
import { useAsk } from '../api/use-ask';
import { metricWord } from '../dashboards/document';
import { visible } from '../domain/names';
import { isLive } from '../domain/time';
import { exact } from '../domain/units';
import { Answering } from './Answering';
import { groupCondition, groupedAsk, keyWord, measured } from './grouping';
import type { GroupQuery } from './preset';
import type { Question } from './use-question';

const EVERY = 15_000;

interface Props {
  question: Question;
  query: GroupQuery;
  onPick: (part: string) => void;
}

/** Records in groups; a group leads to its records. */
export function Grouped({ question, query, onPick }: Props) {
  const [order, setOrder] = useState({ metric: 0, descending: true });
  const variables = useMemo(() => groupedAsk(question, query, order), [question, query, order]);
  const every = isLive(question.range) ? EVERY : 0;
  const asked = useAsk(GroupedDocument, variables, every);
  const { data, current } = asked;
  const groupBy = query.groupBy ?? [];
  const found = data?.aggregate;
  return (
    <Answering asked={asked} what="The groups">
      {found && (
        <>
          <p className="logs-note t2" role="status" data-testid="group-count">
            {found.truncated
              ? `The first ${exact(found.rows.length)} of ${exact(found.groups)} groups.`
              : `${exact(found.groups)} ${found.groups === 1 ? 'group' : 'groups'}.`}{' '}
            Press a row for its records.
            {found.approximate && ' Numbers of different values are estimates.'}
          </p>
          <div className="table-scroll">
            <table className="table grouped-table" aria-label="Groups" data-testid="grouped-table">
              <thead>
                <tr>
                  {groupBy.map((field) => (
                    <th key={field} scope="col" className="mono" title={field}>
                      {field}
                    </th>
                  ))}
                  {query.metrics.map((metric, at) => {
                    const word = metricWord(metric);
                    const direction =
                      order.metric !== at ? 'none' : order.descending ? 'descending' : 'ascending';
                    return (
                      <th key={word} scope="col" className="right" aria-sort={direction}>
                        <button
                          type="button"
                          onClick={() =>
                            setOrder({ metric: at, descending: order.metric !== at || !order.descending })
                          }
                        >
                          {word}
                          {direction === 'descending' && <IconArrowDown size={12} stroke={2} aria-hidden />}
                          {direction === 'ascending' && <IconArrowUp size={12} stroke={2} aria-hidden />}
                        </button>
                      </th>
                    );
                  })}
                </tr>
              </thead>
              <tbody data-waiting={!current || undefined}>
                {found.rows.map(({ keys, values }) => {
                  const part = groupCondition(groupBy, keys as (string | null)[]);
                  return (
                    <tr
                      key={part}
                      tabIndex={0}
                      data-testid="group-row"
                      data-part={part}
                      onClick={() => onPick(part)}
                      onKeyDown={(event) => event.key === 'Enter' && onPick(part)}
                    >
                      {groupBy.map((field, at) => (
                        <td key={field} className="mono" title={visible(keys[at] ?? 'none')}>
                          {keyWord(question.kind, field, keys[at] ?? null)}
                        </td>
                      ))}
                      {query.metrics.map((metric, at) => (
                        <td key={metricWord(metric)} className="right figure">
                          {measured(metric, values[at] ?? null)}
                        </td>
                      ))}
                    </tr>
                  );
                })}
                {found.other.map(({ values }) => (
                  <tr key="other" className="t3">
                    <td colSpan={groupBy.length}>All other groups together</td>
                    {query.metrics.map((metric, at) => (
                      <td key={metricWord(metric)} className="right figure">
                        {measured(metric, values[at] ?? null)}
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
            {found.rows.length === 0 && (
              <div className="notice">
                <p className="notice-title">Nothing in this range belongs to this question.</p>
              </div>
            )}
          </div>
        </>
      )}
    </Answering>
  );
}
