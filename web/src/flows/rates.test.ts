import { describe, expect, it } from 'vitest';
import { perSecond, rateOf } from './rates';

describe('rates', () => {
  it('never say 0 of something, and say what is not counted', () => {
    expect(perSecond(1, 1800, 'connections')).toBe('<0.01');
    expect(perSecond(1368, 1800, 'connections')).toBe('0.76');
    expect(perSecond(32_760_000, 1800, 'connections')).toBe('18.2k');
    expect(perSecond(741_600_000_000, 1800, 'bytes')).toBe('412 MB');
    expect(perSecond(5, 1800, 'bytes')).toBe('<0.1 B');
    expect(perSecond(0, 1800, 'bytes')).toBe('0 B');
    expect(perSecond(null, 1800, 'bytes')).toBe('not counted');
  });

  it('mark estimates', () => {
    const traffic = { records: 1, connections: 1800, packets: null, bytes: null, estimated: true };
    expect(rateOf(traffic, 'connections', 1800)).toBe('~1');
    expect(rateOf(traffic, 'bytes', 1800)).toBe('not counted');
  });
});
