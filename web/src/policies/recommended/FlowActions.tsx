import { IconBan, IconListSearch } from '@tabler/icons-react';
import type { FoundFlows } from './flows';

/** Flows are read in the logs, or are unwanted from now on. */
export type OnFlows = (flows: FoundFlows, does: 'read' | 'unwant') => void;

interface Props {
  flows: FoundFlows;
  /** Only glyphs, where there is little room. */
  small?: boolean;
  onFlows: OnFlows;
}

export function FlowActions({ flows, small = false, onFlows }: Props) {
  const looks = small ? 'icon-button small' : 'button small';
  return (
    <span className="flow-actions">
      <button
        type="button"
        className={small ? looks : `${looks} quiet`}
        aria-label={small ? 'Flows' : undefined}
        title={small ? 'Flows' : undefined}
        onClick={() => onFlows(flows, 'read')}
        data-testid="read-flows"
      >
        <IconListSearch size={14} stroke={1.75} aria-hidden />
        {!small && 'Flows'}
      </button>
      <button
        type="button"
        className={looks}
        aria-label={small ? 'Mark as unwanted' : undefined}
        title={small ? 'Mark as unwanted' : flows.kql}
        onClick={() => onFlows(flows, 'unwant')}
        data-testid="mark-unwanted"
      >
        <IconBan size={14} stroke={1.75} aria-hidden />
        {!small && 'Mark as unwanted'}
      </button>
    </span>
  );
}
