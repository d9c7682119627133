import { IconBan } from '@tabler/icons-react';
import { memo } from 'react';
import type { Badge } from './badges';

interface Props {
  badges: readonly Badge[];
  selected: string | null;
  quiet: (id: string) => boolean;
  onPick: (id: string) => void;
}

/** Counts at the middle of lines, above the cards. */
export const BadgeLayer = memo(function BadgeLayer({ badges, selected, quiet, onPick }: Props) {
  return (
    <div className="badge-layer" aria-hidden>
      {badges.map((badge) => (
        // biome-ignore lint/a11y/noStaticElementInteractions: the pointer's way; the keyboard walks edges with [ and ]
        // biome-ignore lint/a11y/useKeyWithClickEvents: as above
        <span
          key={badge.id}
          className={`badge badge-${badge.kind}`}
          data-badge-for={badge.id}
          data-selected={selected === badge.id || undefined}
          data-quiet={quiet(badge.id) || undefined}
          style={{ transform: `translate(${badge.at.x}px, ${badge.at.y}px) translate(-50%, -50%)` }}
          onClick={(event) => {
            event.stopPropagation();
            onPick(badge.id);
          }}
        >
          {badge.kind === 'denied' && <IconBan size={13} stroke={2.4} />}
          <span className="num">{badge.text}</span>
          {badge.tag && <span className="tag-new">{badge.tag}</span>}
        </span>
      ))}
    </div>
  );
});
