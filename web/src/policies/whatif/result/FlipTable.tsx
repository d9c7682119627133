import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef } from 'react';
import type { FlipNode } from '../../../api/simulation';
import { plural } from '../../../domain/units';
import { type Flipped, type Group, groupsOf } from './effects';
import { EffectPill } from './FlipGlyphs';
import { FlipRow } from './FlipRow';

const ROW = 44;
const HEAD_ROW = 34;
const WIDTHS = ['78px', '25%', '30%', '68px', '68px', '88px', '30%'];
const HEADS = ['Flip', 'Source', 'Destination', 'Conns', 'Bytes', 'Last seen', 'Reason'];

interface Props {
  flips: readonly FlipNode[];
  paths: ReadonlyMap<Flipped, number>;
  current: boolean;
  chosen: string | null;
  more: (() => void) | null;
  onChoose: (id: string) => void;
}

type Line = { group: Group } | { flip: FlipNode };

/** All paths that flip, by what becomes of them. Arrows walk it, Enter shows the trace. */
export function FlipTable({ flips, paths, current, chosen, more, onChoose }: Props) {
  const lines = useMemo<Line[]>(
    () => groupsOf(flips).flatMap((group): Line[] => [{ group }, ...group.flips.map((flip) => ({ flip }))]),
    [flips],
  );
  const scroll = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroll.current,
    estimateSize: (index) => ('group' in (lines[index] ?? {}) ? HEAD_ROW : ROW),
    overscan: 12,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (more && last >= lines.length - 10) more();
  }, [last, lines.length, more]);

  const focused = flips.some(({ id }) => id === chosen) ? chosen : flips[0]?.id;
  const before = items[0]?.start ?? 0;
  const after = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  return (
    <div className="table-scroll" ref={scroll}>
      <table
        className="table flips"
        aria-label="Verdict flips by path"
        aria-rowcount={more ? -1 : lines.length + 1}
        aria-busy={!current}
        data-current={current}
        data-testid="flip-table"
      >
        <colgroup>
          {WIDTHS.map((width, at) => (
            <col key={HEADS[at]} style={{ width }} />
          ))}
        </colgroup>
        <thead>
          <tr>
            {HEADS.map((head) => (
              <th key={head} className={head === 'Conns' || head === 'Bytes' ? 'right' : undefined}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody onKeyDown={walk}>
          {before > 0 && <Gap height={before} />}
          {items.map(({ index }) => {
            const line = lines[index];
            if (!line) return null;
            if ('group' in line)
              return <Head key={line.group.effect} group={line.group} paths={paths} row={index + 2} />;
            const { flip } = line;
            return (
              <FlipRow
                key={flip.id}
                flip={flip}
                row={index + 2}
                chosen={flip.id === chosen}
                tabbable={flip.id === focused}
                onChoose={onChoose}
              />
            );
          })}
          {after > 0 && <Gap height={after} />}
        </tbody>
      </table>
    </div>
  );
}

/** To the row above or below that can be chosen. */
function walk(event: React.KeyboardEvent<HTMLElement>) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const row = (event.target as HTMLElement).closest<HTMLElement>('[data-testid=flip-row]');
  if (!step || !row) return;
  event.preventDefault();
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-testid=flip-row]')];
  const next = rows[rows.indexOf(row) + step];
  next?.focus();
  next?.scrollIntoView({ block: 'nearest' });
}

function Head({ group, paths, row }: { group: Group; paths: Props['paths']; row: number }) {
  const count = paths.get(group.effect) ?? group.flips.length;
  return (
    <tr className="flip-group" aria-rowindex={row} data-testid={`group-${group.effect}`}>
      <th colSpan={HEADS.length} scope="rowgroup">
        <EffectPill effect={group.effect} />
        <span className="strong num">{plural(count, 'path')}</span>
        {group.effect === 'UNCERTAIN' && <span className="t3">not enough is known to decide</span>}
      </th>
    </tr>
  );
}

const Gap = ({ height }: { height: number }) => (
  <tr className="spacer" aria-hidden>
    <td style={{ height }} colSpan={HEADS.length} />
  </tr>
);
