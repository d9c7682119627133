import { IconBan, IconCheck, IconChevronsRight } from '@tabler/icons-react';
import { exact, short } from '../../domain/units';

interface Props {
  counts: { allowed: string | null; denied: string | null; passed: string | null };
}

const ALL = [
  ['allowed', IconCheck],
  ['denied', IconBan],
  ['passed', IconChevronsRight],
] as const;

/** Connections by what was done, each by glyph and colour; nothing recedes. */
export function Counts({ counts }: Props) {
  return (
    <span className="counts">
      {ALL.map(([action, Icon]) => (
        <span
          key={action}
          className={`count-${action}`}
          data-none={counts[action] === '0' || undefined}
          title={`${exact(counts[action])} connections ${action}`}
        >
          <Icon size={12} stroke={2.4} aria-hidden />
          <span className="visually-hidden">{action} </span>
          {counts[action] === null ? '?' : short(Number(counts[action]))}
        </span>
      ))}
    </span>
  );
}
