import { Menu } from '@mantine/core';
import {
  IconAffiliate,
  IconArrowsDiff,
  IconBan,
  IconGitCompare,
  IconHexagons,
  IconRefresh,
  IconSparkles,
  IconTable,
} from '@tabler/icons-react';
import { memo } from 'react';
import { isShift, type Shift } from '../domain/comparison';
import type { Level } from '../domain/graph';
import { isoSeconds, resolveRange } from '../domain/time';
import { MEASURES, type Measure } from '../domain/traffic';
import type { Show, UrlState } from '../domain/url-state';

import { DNS } from '../layers/layer';
import { withPlace } from '../layers/standing';
import { Choice, Item } from './Choice';
import { LabelChoice } from './LabelChoice';

interface Props {
  state: UrlState;
  denied: number;
  fresh: number | null;
  /** How many edges are not as they were; null where nothing is compared. */
  changed: number | null;
  update: (patch: Partial<UrlState>) => void;
  onRelayout: () => void;
  /** The menu of layers. */
  layers: React.ReactNode;
  children: React.ReactNode;
}

const MEASURE_WORDS: Record<Measure, string> = {
  bytes: 'Bytes',
  connections: 'Connections',
  packets: 'Packets',
};

const LEVEL_WORDS: Record<Level, string> = {
  NAMESPACE: 'Namespace',
  SERVICE: 'Service',
  WORKLOAD: 'All open',
};

/** What the canvas shows and how: floats over it. */
export const Toolbar = memo(function Toolbar({
  state,
  denied,
  fresh,
  changed,
  update,
  onRelayout,
  layers,
  children,
}: Props) {
  const toggleShow = (show: Show) => update({ show: state.show === show ? 'all' : show });
  return (
    <div className="graph-toolbar">
      <Choice
        icon={<IconHexagons size={14} stroke={1.75} aria-hidden />}
        label={`Group: ${LEVEL_WORDS[state.level]}`}
        testid="menu-group"
      >
        <Item on={state.level === 'NAMESPACE'} onClick={() => update({ level: 'NAMESPACE' })}>
          Namespaces, open on demand
        </Item>
        <Item on={state.level === 'SERVICE'} onClick={() => update({ level: 'SERVICE' })}>
          Services, with the workloads behind them
        </Item>
        <Item on={state.level === 'WORKLOAD'} onClick={() => update({ level: 'WORKLOAD' })}>
          All namespaces open
        </Item>
        <Menu.Divider />
        <Item
          on={false}
          onClick={() => update({ open: [], level: state.level === 'SERVICE' ? 'SERVICE' : 'NAMESPACE' })}
        >
          Close all
        </Item>
      </Choice>
      {layers}
      <Choice
        icon={<IconArrowsDiff size={14} stroke={1.75} aria-hidden />}
        label={`Width: ${MEASURE_WORDS[state.measure]}`}
        testid="menu-width"
      >
        {MEASURES.map((measure) => (
          <Item key={measure} on={state.measure === measure} onClick={() => update({ measure })}>
            {MEASURE_WORDS[measure]}
          </Item>
        ))}
      </Choice>
      <LabelChoice state={state} update={update} />
      <CompareChoice state={state} update={update} />
      <fieldset className="segments" aria-label="Which edges">
        <button
          type="button"
          aria-pressed={state.show === 'all'}
          onClick={() => update({ show: 'all' })}
          data-testid="show-all"
        >
          All
        </button>
        <button
          type="button"
          aria-pressed={state.show === 'denied'}
          onClick={() => toggleShow('denied')}
          data-testid="show-denied"
          title="Denied only (D)"
        >
          <IconBan size={13} stroke={2} className="deny-ink" aria-hidden />
          Denied <span className="count">{denied}</span>
        </button>
        <button
          type="button"
          aria-pressed={state.show === 'new'}
          onClick={() => toggleShow('new')}
          data-testid="show-new"
          title={
            fresh === null
              ? 'There is no earlier window to compare with'
              : 'Not seen in the window before (N)'
          }
        >
          <IconSparkles size={13} stroke={2} className="brand-ink" aria-hidden />
          New {fresh !== null && <span className="count">{fresh}</span>}
        </button>
        <button
          type="button"
          aria-pressed={state.show === 'dns'}
          onClick={() => update(dnsStep(state))}
          data-testid="show-dns"
          title="Who asks the cluster's DNS, and how often it failed"
        >
          DNS
        </button>
        {changed !== null && (
          <button
            type="button"
            aria-pressed={state.show === 'changed'}
            onClick={() => toggleShow('changed')}
            data-testid="show-changed"
            title="Not as it was (C)"
          >
            <IconGitCompare size={13} stroke={2} className="brand-ink" aria-hidden />
            Changed <span className="count">{changed}</span>
          </button>
        )}
      </fieldset>
      <span className="top-space" />
      <button
        type="button"
        className="button small"
        onClick={onRelayout}
        aria-label="Lay out"
        title="Lay everything out again (R)"
      >
        <IconRefresh size={14} stroke={1.75} aria-hidden />
        <span className="choice-what">Lay out</span>
      </button>
      {children}
      <fieldset className="segments" aria-label="Graph or table">
        <button
          type="button"
          aria-pressed={state.view === 'graph'}
          aria-label="Graph"
          title="Graph (T)"
          onClick={() => update({ view: 'graph' })}
        >
          <IconAffiliate size={14} stroke={1.75} aria-hidden />
        </button>
        <button
          type="button"
          aria-pressed={state.view === 'table'}
          aria-label="Table"
          title="Table (T)"
          data-testid="show-table"
          onClick={() => update({ view: 'table' })}
        >
          <IconTable size={14} stroke={1.75} aria-hidden />
        </button>
      </fieldset>
    </div>
  );
});

/** Lookups step forward with their failures written at them, unless something else is to be written there. */
function dnsStep({ show, label, layers }: UrlState): Partial<UrlState> {
  const mine = label === 'dns-failures';
  if (show === 'dns') return { show: 'all', label: mine ? null : label };
  return { show: 'dns', label: label ?? 'dns-failures', layers: withPlace(layers, DNS.id, 'shown') };
}

const SHIFT_WORDS: Record<Shift, [string, string]> = {
  before: ['range before', 'The range before'],
  day: ['a day earlier', 'The same a day earlier'],
  week: ['a week earlier', 'The same a week earlier'],
};

function CompareChoice({ state, update }: Pick<Props, 'state' | 'update'>) {
  const { compare } = state;
  const word = compare !== null && isShift(compare) ? SHIFT_WORDS[compare][0] : 'a held range';
  const choose = (next: string | null) =>
    update({ compare: next, show: next === null && state.show === 'changed' ? 'all' : state.show });
  return (
    <Choice
      icon={<IconGitCompare size={14} stroke={1.75} aria-hidden />}
      label={compare === null ? 'Compare' : `Compare: ${word}`}
      testid="menu-compare"
    >
      <Item on={compare === null} onClick={() => choose(null)}>
        Off
      </Item>
      {(Object.keys(SHIFT_WORDS) as Shift[]).map((shift) => (
        <Item key={shift} on={compare === shift} onClick={() => choose(shift)}>
          {SHIFT_WORDS[shift][1]}
        </Item>
      ))}
      <Menu.Divider />
      <Item on={false} onClick={() => choose(isoSeconds(resolveRange(state, Date.now()).from))}>
        This range, held
      </Item>
    </Choice>
  );
}
