import { useMemo } from 'react';
import { CompareEdgeDocument } from '../../api/comparison';
import { useAsk } from '../../api/use-ask';
import { comparedRange } from '../../domain/comparison';
import { inNamespace, visible } from '../../domain/names';
import { type AskedRange, isLive } from '../../domain/time';
import { attempts, readTraffic } from '../../domain/traffic';
import { bytes, clockMinutes, day, exact, span } from '../../domain/units';
import type { CompareEdgeQuery } from '../../gql/graphql';
import { Section } from './Section';

interface Props {
  id: string;
  range: AskedRange;
  filter: string | null;
  compare: string;
}

type Answer = NonNullable<CompareEdgeQuery['compareEdge']>;
type Side = Answer['before'];
type Change = Answer['policyChanges'][number];

/** An edge in both ranges, and the changes of policies that may explain the difference. */
export function EdgeChanges({ id, range, filter, compare }: Props) {
  const { from, to } = range;
  const before = useMemo(() => comparedRange({ from, to }, compare, Date.now()), [from, to, compare]);
  const key = before ? JSON.stringify({ id, range, before, filter }) : '';
  const variables = useMemo(() => (key ? JSON.parse(key) : null), [key]);
  const { data, current, problem } = useAsk(CompareEdgeDocument, variables, isLive(range) ? 30_000 : 0);
  const told = current ? data?.compareEdge : null;
  return (
    <Section title="What changed" testid="panel-changes">
      {problem && <p className="warn-ink section-note">The comparison did not answer: {problem.message}</p>}
      {!problem && !current && <div className="skeleton" style={{ height: 92 }} aria-busy="true" />}
      {current && !told && <p className="t3 section-note">Nothing flowed here in either range.</p>}
      {told && (
        <>
          <table className="reports changes-table">
            <thead>
              <tr>
                <th>
                  <span className="visually-hidden">Range</span>
                </th>
                <th>Allowed</th>
                <th>Denied</th>
              </tr>
            </thead>
            <tbody>
              <Row word="Then" side={told.before} />
              <Row word="Now" side={told.after} />
            </tbody>
          </table>
          <Policies changes={told.policyChanges} />
        </>
      )}
    </Section>
  );
}

function Row({ word, side }: { word: string; side: Side }) {
  const length = side && Date.parse(side.range.to) - Date.parse(side.range.from);
  return (
    <tr data-side={word.toLowerCase()}>
      <th scope="row">
        <span className="strong">{word}</span> {length && <span className="t3">{span(length)}</span>}
      </th>
      {side ? (
        [side.allowed, side.denied].map((counters, place) => {
          const traffic = readTraffic(counters);
          return (
            <td
              key={place === 0 ? 'allowed' : 'denied'}
              className="num"
              data-none={!traffic.records || undefined}
            >
              <span className="strong">{exact(attempts(traffic))} conn</span>
              <span>{traffic.records ? bytes(traffic.bytes) : '0 B'}</span>
            </td>
          );
        })
      ) : (
        <td colSpan={2} className="t3">
          Nothing
        </td>
      )}
    </tr>
  );
}

const HOW: Record<Change['how'], string> = {
  CREATED: 'created',
  EDITED: 'edited',
  DELETED: 'deleted',
  FIRST_KNOWN: 'first known',
};

function Policies({ changes }: { changes: readonly Change[] }) {
  const deciding = changes.filter(({ decided }) => decided);
  if (!changes.length) {
    return <p className="t3 section-note">No policy that bears on it is known to have changed.</p>;
  }
  return (
    <>
      <p className="section-note t3">
        {deciding.length
          ? 'Policies that decided it changed:'
          : 'None of the policies that decided it changed. These bear on it too:'}
      </p>
      <ul className="change-list">
        {(deciding.length ? deciding : changes).map((change) => (
          <li key={`${change.manifestId} ${change.version.from}`} data-testid="policy-change">
            <span className="strong cut" title={inNamespace(change.namespace, visible(change.name))}>
              {inNamespace(change.namespace, visible(change.name))}
            </span>
            <span>
              {HOW[change.how]}
              {change.version.by && ` by ${visible(change.version.by)}`}
            </span>
            <span className="t3 num">{at(change.version.from)}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

const at = (point: string) => `${day(Date.parse(point))} ${clockMinutes(Date.parse(point))}`;
