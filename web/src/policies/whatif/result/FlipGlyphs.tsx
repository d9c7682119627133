import { IconArrowNarrowRight, IconBan, IconCheck, IconEqual, IconHelp } from '@tabler/icons-react';
import type { Effect } from '../../../api/simulation';
import { EFFECT_WORDS } from './effects';

const ICONS = {
  NEWLY_DENIED: { Icon: IconBan, ink: 'deny-ink' },
  NEWLY_ALLOWED: { Icon: IconCheck, ink: 'allow-ink' },
  UNCERTAIN: { Icon: IconHelp, ink: 'warn-ink' },
  UNCHANGED: { Icon: IconEqual, ink: 't3' },
} as const;

export function EffectIcon({ effect, size = 14 }: { effect: Effect; size?: number }) {
  const { Icon, ink } = ICONS[effect];
  return <Icon size={size} stroke={2.2} className={ink} aria-hidden />;
}

const PILLS = { NEWLY_DENIED: 'denied', NEWLY_ALLOWED: 'allowed', UNCERTAIN: 'doubtful', UNCHANGED: 'pass' };

export const EffectPill = ({ effect }: { effect: Effect }) => (
  <span className={`pill ${PILLS[effect]}`}>
    <EffectIcon effect={effect} size={12} />
    {EFFECT_WORDS[effect]}
  </span>
);

/** From what was to what would be: allowed to denied, by glyphs and, for who hears it, in words. */
export function FlipGlyphs({ effect, wasAllowed }: { effect: Effect; wasAllowed: boolean }) {
  return (
    <span className="flip-glyphs">
      <EffectIcon effect={wasAllowed ? 'NEWLY_ALLOWED' : 'NEWLY_DENIED'} />
      <IconArrowNarrowRight size={14} stroke={1.75} className="t3" aria-hidden />
      <EffectIcon effect={effect} />
      <span className="visually-hidden">{EFFECT_WORDS[effect]}</span>
    </span>
  );
}
