import { IconBan, IconZoomIn } from '@tabler/icons-react';
import { useMemo } from 'react';
import { LISTED, type Listed } from '../domain/ring-state';
import type { UrlState } from '../domain/url-state';
import { iconOf } from '../graph/nodes/icons';
import { type Entry, entriesOf } from './entries';
import { RATES, rateOf } from './rates';
import type { RingModel } from './use-ring';
import type { PageActions } from './use-ring-actions';
import type { useRingPointing } from './use-ring-pointing';

interface Props {
  state: UrlState;
  model: RingModel;
  pointing: ReturnType<typeof useRingPointing>;
  actions: PageActions;
  onList: (list: Listed) => void;
}

const WORDS: Record<Listed, string> = { namespaces: 'Namespaces', workloads: 'Names', paths: 'Paths' };
const SHOWN = 60;

/** The same as a list: denied first, then by volume. */
export function RingList({ state, model, pointing, actions, onList }: Props) {
  const { ring, seconds } = model;
  const lists = useMemo(() => (ring ? entriesOf(ring, state.size) : null), [ring, state.size]);
  const entries = lists?.[state.list] ?? [];
  const most = Math.max(1e-9, ...entries.map(({ weight }) => weight));
  const unit = RATES.find(({ measure }) => measure === state.size)?.name;
  return (
    <div className="ring-list" data-testid="ring-list">
      <fieldset className="segments" aria-label="What is listed">
        {LISTED.map((list) => (
          <button
            key={list}
            type="button"
            aria-pressed={state.list === list}
            onClick={() => onList(list)}
            data-testid={`list-${list}`}
          >
            {WORDS[list]} <span className="count">{lists?.[list].length ?? ''}</span>
          </button>
        ))}
      </fieldset>
      <p className="t3 list-order">
        Sorted by denied, then volume
        <span className="top-space" />
        {unit}
      </p>
      <ul>
        {entries.slice(0, SHOWN).map((entry) => (
          <Row
            key={entry.id}
            entry={entry}
            state={state}
            share={entry.weight / most}
            seconds={seconds}
            onPoint={(on) => pointing.point(on ? entry.point : null)}
            actions={actions}
          />
        ))}
      </ul>
      {entries.length > SHOWN && (
        <p className="t3 section-note">and {entries.length - SHOWN} more, in the table (T)</p>
      )}
    </div>
  );
}

interface RowProps {
  entry: Entry;
  state: UrlState;
  share: number;
  seconds: number;
  onPoint: (on: boolean) => void;
  actions: PageActions;
}

function Row({ entry, state, share, seconds, onPoint, actions }: RowProps) {
  const Icon = iconOf(entry.kind === 'PORT' ? 'WORKLOAD' : entry.kind, entry.name);
  const { pick, into } = waysOf(entry, actions);
  return (
    <li onMouseEnter={() => onPoint(true)} onMouseLeave={() => onPoint(false)}>
      <button type="button" className="ring-row" onClick={pick} data-testid="ring-row" data-name={entry.name}>
        <Icon size={15} stroke={1.7} aria-hidden />
        <span className="ring-row-name">
          <span className="cut">{entry.name}</span>
          {entry.note && <span className="t3 cut">{entry.note}</span>}
        </span>
        <span className="num" data-testid="row-allowed">
          {entry.allowed.records > 0 && rateOf(entry.allowed, state.size, seconds)}
        </span>
        {entry.denied.records > 0 && (
          <span className="num deny-ink">
            <IconBan size={12} stroke={2.2} role="img" aria-label="denied" />{' '}
            {rateOf(entry.denied, state.size, seconds)}
          </span>
        )}
        <span className="ring-bar-track" aria-hidden>
          <span
            className="ring-bar-fill"
            style={{
              width: `${Math.max(1, share * 100)}%`,
              background: `var(--${entry.allowed.records ? entry.colour : 'deny'})`,
            }}
          />
        </span>
      </button>
      {into && (
        <button
          type="button"
          className="icon-button small"
          onClick={into}
          aria-label={`Go into ${entry.name}`}
          title="Go in"
          data-testid="row-go-in"
        >
          <IconZoomIn size={15} stroke={1.75} aria-hidden />
        </button>
      )}
    </li>
  );
}

function waysOf({ point, edge, namespace, kind }: Entry, actions: PageActions) {
  if (edge) return { pick: () => actions.pickLink(edge), into: () => actions.enterLink(edge) };
  const { id } = point;
  if (point.type === 'group')
    return { pick: () => actions.pickGroup(id), into: namespace ? () => actions.enterGroup(id) : null };
  return { pick: () => actions.pickArc(id), into: kind === 'PORT' ? null : () => actions.enterArc(id) };
}
