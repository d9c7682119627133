import {
  IconAddressBook,
  IconApi,
  IconArrowsExchange,
  IconHistory,
  IconRoute,
  IconShieldExclamation,
} from '@tabler/icons-react';
import { useMemo } from 'react';
import { LogCountsDocument } from '../api/logs';
import { useAsk } from '../api/use-ask';
import { KIND_LIST, type LogKind } from '../domain/log-kinds';
import { type AskedRange, isLive } from '../domain/time';
import { exact } from '../domain/units';

const ICONS: Record<LogKind, typeof IconApi> = {
  FLOWS: IconArrowsExchange,
  DNS: IconAddressBook,
  L7: IconApi,
  AUDIT: IconHistory,
  BGP: IconRoute,
  EVENTS: IconShieldExclamation,
};
const EVERY = 15_000;

interface Props {
  kind: LogKind;
  range: AskedRange;
  clusters: string[] | null;
  onKind: (kind: LogKind) => void;
}

/** The kinds of log, and how many records of each the range has. */
export function KindTabs({ kind, range, clusters, onKind }: Props) {
  const { from, to } = range;
  const variables = useMemo(() => ({ range: { from, to }, clusters }), [from, to, clusters]);
  const { data, current } = useAsk(LogCountsDocument, variables, isLive(range) ? EVERY : 0);
  const step = (way: number) => {
    const at = KIND_LIST.findIndex((info) => info.kind === kind);
    const next = KIND_LIST[(at + way + KIND_LIST.length) % KIND_LIST.length];
    if (!next) return;
    onKind(next.kind);
    document.getElementById(`tab-${next.slug}`)?.focus();
  };
  return (
    <div className="kind-tabs" role="tablist" aria-label="Kinds of log">
      {KIND_LIST.map((info) => {
        const Icon = ICONS[info.kind];
        const selected = info.kind === kind;
        return (
          <button
            key={info.kind}
            id={`tab-${info.slug}`}
            type="button"
            role="tab"
            aria-selected={selected}
            aria-controls="log-records"
            tabIndex={selected ? 0 : -1}
            data-testid={`tab-${info.slug}`}
            onClick={() => onKind(info.kind)}
            onKeyDown={(event) => {
              const way = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
              if (way) step(way);
            }}
          >
            <Icon size={16} stroke={1.75} aria-hidden />
            {info.label}
            <span className="count num" data-stale={!current || undefined}>
              {data ? exact(data[info.kind].totalCount) : ''}
            </span>
          </button>
        );
      })}
    </div>
  );
}
