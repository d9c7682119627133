import { IconBan, IconCheck } from '@tabler/icons-react';
import type { EdgeVerdict } from '../domain/traffic';

/** A verdict by glyph, colour and word. */
export function VerdictPill({ verdict }: { verdict: EdgeVerdict }) {
  if (verdict === 'mixed') {
    return (
      <span className="verdicts">
        <VerdictPill verdict="allowed" />
        <VerdictPill verdict="denied" />
      </span>
    );
  }
  const denied = verdict === 'denied';
  return (
    <span className={`pill ${verdict}`}>
      {denied ? (
        <IconBan size={12} stroke={2.4} aria-hidden />
      ) : (
        <IconCheck size={12} stroke={2.6} aria-hidden />
      )}
      {denied ? 'Denied' : 'Allowed'}
    </span>
  );
}
