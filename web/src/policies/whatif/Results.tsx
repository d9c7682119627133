import { IconAlertTriangle, IconTableExport } from '@tabler/icons-react';
import { useCallback, useMemo } from 'react';
import type { FlipNode } from '../../api/simulation';
import { download, fileName, toCsv } from '../../dashboards/csv';
import { clock, exact, plural } from '../../domain/units';
import type { UrlState } from '../../domain/url-state';
import type { ScreenPath } from '../../shell/screens';
import { settled, toGraph, toLogs } from './links';
import { FLIPPED, type Flipped } from './result/effects';
import { tabular } from './result/export';
import { FlippedEdges } from './result/FlippedEdges';
import { FlipTable } from './result/FlipTable';
import { Numbers } from './result/Numbers';
import { Trace } from './result/Trace';
import { Failed, NoFlows, NothingFlips, Waiting, Wrong } from './States';
import type { Replay } from './use-replay';

interface Props {
  replay: Replay;
  tiers: readonly string[];
  title: string;
  flip: string | null;
  onFlip: (id: string) => void;
  onGo: (patch: Partial<UrlState>, to: ScreenPath) => void;
}

const NO_FLIPS: FlipNode[] = [];

/** What the replay found. The last answer stays, dimmed, until the next is there. */
export function Results({ replay, tiers, title, flip, onFlip, onGo }: Props) {
  const { result, current, problems, problem, more, retry } = replay;
  const flips = result?.flips?.nodes ?? NO_FLIPS;
  const place = flips.findIndex(({ id }) => id === flip);
  const chosen = flips[place] ?? null;
  const paths = useMemo(
    () => new Map(result?.totals.map(({ effect, paths: count }) => [effect as Flipped, count])),
    [result],
  );
  const step = useCallback(
    (by: 1 | -1) => {
      const next = flips[Math.min(Math.max(place + by, 0), flips.length - 1)];
      if (next) onFlip(next.id);
    },
    [flips, place, onFlip],
  );
  if (!result) {
    if (problem) return <Failed what="The replay" problem={problem} onRetry={retry} />;
    return problems.length ? <Wrong problems={problems} /> : <Waiting />;
  }
  const range = result.range ? settled(result.range) : null;
  const flipped = FLIPPED.reduce((sum, effect) => sum + (paths.get(effect) ?? 0), 0);
  const replayed = result.totals.some(({ traffic }) => traffic.records !== '0');
  return (
    <>
      {problem && <Failed what="The replay" problem={problem} onRetry={retry} />}
      <Numbers result={result} current={current} />
      <Warnings result={result} />
      <p className="visually-hidden" role="status">
        {current && `Replayed. ${plural(flipped, 'path')} flip or may.`}
      </p>
      <div className="flip-area">
        <section className="flip-list" aria-label="Verdict flips">
          <header>
            <h2>Verdict flips</h2>
            <span className="t3 small-text">by path, the busiest first</span>
            <span className="top-space" />
            {range && (
              <span className="t3 small-text num wide-only">to {clock(Date.parse(range.to))} UTC</span>
            )}
            <button
              type="button"
              className="button small quiet"
              disabled={!flips.length}
              title={more ? `The ${flips.length} paths that are loaded` : undefined}
              onClick={() =>
                download(
                  fileName(`what-if ${title}`, 'csv'),
                  'text/csv',
                  toCsv(tabular(flips, more !== null)),
                )
              }
              data-testid="flip-csv"
            >
              <IconTableExport size={14} stroke={1.75} aria-hidden />
              CSV
            </button>
          </header>
          {flips.length > 0 ? (
            <FlipTable
              flips={flips}
              paths={paths}
              current={current}
              chosen={flip}
              more={more}
              onChoose={onFlip}
            />
          ) : replayed ? (
            <NothingFlips />
          ) : (
            <NoFlows />
          )}
        </section>
        {chosen && (
          <Trace
            flip={chosen}
            tiers={tiers}
            onStep={step}
            onLogs={() => range && onGo(toLogs(chosen, range), '/logs')}
          />
        )}
        {flips.length > 0 && (
          <FlippedEdges
            flips={flips}
            chosen={chosen}
            current={current}
            onChoose={onFlip}
            onGraph={() => onGo(toGraph(chosen ? [chosen] : flips, chosen), '/')}
          />
        )}
      </div>
    </>
  );
}

/** What makes the answer less than it seems. */
function Warnings({ result }: { result: NonNullable<Replay['result']> }) {
  const { disagreeing, leftOut } = result;
  const others = Number(disagreeing?.records ?? 0);
  return (
    <>
      {others > 0 && (
        <p className="flip-warning" data-testid="disagreeing">
          <IconAlertTriangle size={15} stroke={1.75} aria-hidden />
          {disagreeing?.connections && disagreeing.connections !== '0'
            ? `${exact(disagreeing.connections)} connections`
            : plural(others, 'record')}{' '}
          were logged otherwise than these policies decide: some policies are not imported, or were others
          then. They are not among the flips unless the change bears on them.
        </p>
      )}
      {leftOut !== '0' && (
        <p className="flip-warning" data-testid="left-out">
          <IconAlertTriangle size={15} stroke={1.75} aria-hidden />
          {plural(Number(leftOut), 'record')} of an earlier version {leftOut === '1' ? 'is' : 'are'} not ready
          to be replayed, and left out.
        </p>
      )}
    </>
  );
}
