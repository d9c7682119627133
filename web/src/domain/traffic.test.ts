import { expect, it } from 'vitest';
import { NOTHING, type Traffic, total } from './traffic';

const seen = (packets: number | null): Traffic => ({ ...NOTHING, records: 1, packets });

it('adds up both verdicts, and says so where none of them counts', () => {
  const none: Traffic = { ...NOTHING, packets: 0 };
  expect(total({ allowed: seen(3), denied: seen(4) }, 'packets')).toBe(7);
  expect(total({ allowed: none, denied: seen(null) }, 'packets')).toBeNull();
  expect(total({ allowed: seen(3), denied: seen(null) }, 'packets')).toBe(3);
  expect(total({ allowed: none, denied: none }, 'packets')).toBe(0);
});
