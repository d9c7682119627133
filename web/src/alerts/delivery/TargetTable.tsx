import { useMemo } from 'react';
import type { DeliveryTarget } from '../../api/delivery';
import { visible } from '../../domain/names';
import { exact } from '../../domain/units';
import { type Column, KeptTable } from '../kept/KeptTable';
import { KIND_WORDS } from './draft';
import { stateWords, waitingWords } from './words';

interface Props {
  targets: readonly DeliveryTarget[];
  chosen: string | null;
  /** Ids of targets that are being switched. */
  turning: ReadonlySet<string>;
  now: number;
  onChoose: (target: DeliveryTarget) => void;
  onTurn: (target: DeliveryTarget, enabled: boolean) => void;
}

const columnsAt = (now: number): Column<DeliveryTarget>[] => [
  { head: 'Kind', cell: ({ kind }) => KIND_WORDS[kind] },
  {
    head: 'Address',
    className: 'wide-only',
    tone: () => 't2 mono',
    cell: ({ address }) => visible(address),
  },
  {
    head: 'State',
    tone: ({ problem, enabled }) => (problem && enabled ? 'warn-ink' : 't2'),
    cell: (target) => stateWords(target, now),
  },
  { head: 'Waiting', className: 'num', cell: ({ waiting }) => waitingWords(waiting) },
  { head: 'Delivered', className: 'num', cell: ({ delivered }) => exact(delivered) },
  {
    head: 'Failed',
    className: 'num',
    tone: ({ failed }) => (failed ? 'deny-ink' : ''),
    cell: ({ failed }) => exact(failed),
  },
];

/** A target a row: whether it is on, where it sends, and how that goes. */
export function TargetTable({ targets, now, ...rest }: Props) {
  const columns = useMemo(() => columnsAt(now), [now]);
  return (
    <KeptTable
      one="target"
      label="Delivery targets"
      head="Target"
      rows={targets}
      columns={columns}
      {...rest}
    />
  );
}
