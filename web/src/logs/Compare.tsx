import { IconTrendingUp } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { CompareLoadDocument } from '../api/questions';
import { useAsk } from '../api/use-ask';
import { visible } from '../domain/names';
import { isLive } from '../domain/time';
import { bytes, exact, plural } from '../domain/units';
import type { LoadMeasure } from '../gql/graphql';
import { Answering } from './Answering';
import { groupCondition, keyWord } from './grouping';
import type { GroupQuery } from './preset';
import type { Question } from './use-question';

const MEASURES: readonly [LoadMeasure, string][] = [
  ['CONNECTIONS', 'Connections'],
  ['BYTES_TO_TARGET', 'Bytes to it'],
  ['BYTES_TO_SOURCE', 'Bytes from it'],
];
const EVERY = 15_000;
const LIMIT = 100;

interface Props {
  question: Question;
  query: GroupQuery;
  onPick: (part: string) => void;
}

const load = (measure: LoadMeasure, value: string | number | null | undefined): string => {
  if (value === null || value === undefined) return 'not stored';
  return measure === 'CONNECTIONS' ? exact(Math.round(Number(value))) : bytes(Number(value));
};

/** `2.4 times`; beside nothing there is no number of times. */
const times = (ratio: number | null | undefined): string =>
  ratio === null || ratio === undefined
    ? 'new'
    : `${ratio < 9.95 ? ratio.toFixed(1) : Math.round(ratio)} times`;

/** This range beside the one before it, and beside the same hours of earlier days. */
export function Compare({ question, query, onPick }: Props) {
  const [measure, setMeasure] = useState<LoadMeasure>('CONNECTIONS');
  const { range, clusters, filter } = question;
  const groupBy = query.groupBy ?? [];
  const variables = useMemo(
    () => ({ range, clusters, filter, groupBy: query.groupBy ?? [], measure, limit: LIMIT }),
    [range, clusters, filter, query.groupBy, measure],
  );
  const asked = useAsk(CompareLoadDocument, variables, isLive(range) ? EVERY : 0);
  const found = asked.data?.compareLoad;
  return (
    <>
      <div className="logs-note compare-bar">
        <fieldset className="segments" aria-label="What load is">
          {MEASURES.map(([each, word]) => (
            <button key={each} type="button" aria-pressed={measure === each} onClick={() => setMeasure(each)}>
              {word}
            </button>
          ))}
        </fieldset>
        <span className="t2" role="status" data-testid="group-count">
          {found &&
            `${plural(found.groups.filter((group) => group.exceeds).length, 'group')} above twice the normal load. ${
              found.days.length
                ? `Normal is the mean of the same hours of ${plural(found.days.length, 'earlier day')}.`
                : found.before
                  ? 'No earlier day is stored, so normal is the range before.'
                  : 'Nothing earlier is stored, so there is nothing to compare with.'
            }`}
        </span>
      </div>
      <Answering asked={asked} what="The comparison">
        <div className="table-scroll">
          <table className="table" aria-label="Load compared" data-testid="compare-table">
            <thead>
              <tr>
                <th scope="col">Load</th>
                {groupBy.map((field) => (
                  <th key={field} scope="col" className="mono">
                    {field}
                  </th>
                ))}
                {['Now', 'Range before', 'Normal', 'Beside before', 'Beside normal'].map((head) => (
                  <th key={head} scope="col" className="right">
                    {head}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody data-waiting={!asked.current || undefined}>
              {found?.groups.map((group) => {
                const keys = group.keys as (string | null)[];
                const part = groupCondition(groupBy, keys);
                return (
                  <tr
                    key={part}
                    tabIndex={0}
                    data-testid="compare-row"
                    data-exceeds={group.exceeds || undefined}
                    onClick={() => onPick(part)}
                    onKeyDown={(event) => event.key === 'Enter' && onPick(part)}
                  >
                    <td>
                      {group.exceeds ? (
                        <span className="pill warned">
                          <IconTrendingUp size={12} stroke={2} aria-hidden />
                          {group.ratio === null && group.ratioToBefore === null ? 'New' : 'Higher'}
                        </span>
                      ) : (
                        <span className="t3">as usual</span>
                      )}
                    </td>
                    {groupBy.map((field, at) => (
                      <td key={field} className="mono" title={visible(keys[at] ?? 'none')}>
                        {keyWord(question.kind, field, keys[at] ?? null)}
                      </td>
                    ))}
                    <td className="right figure">{load(measure, group.now)}</td>
                    <td className="right figure">{load(measure, group.before)}</td>
                    <td className="right figure">{load(measure, group.normal)}</td>
                    <td className="right figure">
                      {found.before ? times(group.ratioToBefore) : 'not stored'}
                    </td>
                    <td className="right figure">
                      {group.normal === null ? 'not stored' : times(group.ratio)}
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      </Answering>
    </>
  );
}
