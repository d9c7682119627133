import { useMemo } from 'react';
import { LogHistogramDocument, SeverityHistogramDocument } from '../api/logs';
import { useAsk } from '../api/use-ask';
import { KINDS } from '../domain/log-kinds';
import { isLive } from '../domain/time';
import { allOf } from '../kql/build';
import { type Band, bandsOf, SEVERITY_BANDS } from './bands';
import type { Question } from './use-question';

export interface Shown {
  from: number;
  to: number;
  /** Milliseconds. */
  interval: number;
  starts: number[];
  bands: Band[];
}

const EVERY = 5000;

/** The records of the question over its range, in bands. */
export function useHistogram({ kind, range, clusters, filter }: Question) {
  const { by } = KINDS[kind];
  const every = isLive(range) ? EVERY : 0;
  const asked = useMemo(
    () => ({ kind, range, clusters, filter, interval: null, by }),
    [kind, range, clusters, filter, by],
  );
  const severities = useMemo(() => {
    const [low, medium, high, critical] = SEVERITY_BANDS.map((band) => allOf([filter, band.filter]));
    return { range, clusters, low, medium, high, critical };
  }, [range, clusters, filter]);
  const split = useAsk(LogHistogramDocument, by ? asked : null, every);
  const severe = useAsk(SeverityHistogramDocument, by ? null : severities, every);
  const { current, problem, fetching } = by ? split : severe;
  const data = by ? split.data : null;
  const bySeverity = by ? null : severe.data;
  const shown = useMemo<Shown | null>(() => {
    const first = data?.histogram ?? bySeverity?.Low;
    if (!first) return null;
    const series = bySeverity
      ? SEVERITY_BANDS.map(({ label }) => ({
          key: label,
          counts: bySeverity[label as keyof typeof bySeverity].series[0]?.counts ?? [],
        }))
      : first.series;
    return {
      from: Date.parse(first.range.from),
      to: Date.parse(first.range.to),
      interval: first.interval * 1000,
      starts: first.starts.map((start) => Date.parse(start)),
      bands: bandsOf(kind, series),
    };
  }, [kind, data, bySeverity]);
  return { shown: current ? shown : null, current, problem, fetching };
}
