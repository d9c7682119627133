import { describe, expect, it } from 'vitest';
import { follow, freeze, isLive, isRange, resolve, step } from './time';

const NOW = Date.UTC(2026, 10, 23, 14, 35, 0);

describe('time points', () => {
  it('are relative to now or ISO 8601, and UTC where no zone is given', () => {
    expect(resolve('now', NOW)).toBe(NOW);
    expect(resolve('now-15m', NOW)).toBe(NOW - 15 * 60_000);
    expect(resolve('2026-11-23T14:05:00Z', NOW)).toBe(NOW - 30 * 60_000);
    expect(resolve('2026-11-23T14:05:00', NOW)).toBe(NOW - 30 * 60_000);
    expect(resolve('2026-11-23T15:05:00+01:00', NOW)).toBe(NOW - 30 * 60_000);
    for (const text of ['', 'now-', 'now-5y', 'tomorrow', '14:05', '2026-13-01T00:00:00Z']) {
      expect(resolve(text, NOW), text).toBeNull();
    }
  });

  it('make a range only in order', () => {
    expect(isRange({ from: 'now-30m', to: 'now' })).toBe(true);
    expect(isRange({ from: 'now', to: 'now-30m' })).toBe(false);
    expect(isRange({ from: '2026-11-23T15:00:00Z', to: '2026-11-23T14:00:00Z' })).toBe(false);
  });
});

describe('pausing', () => {
  it('holds the window still, and following gives one of the same length', () => {
    const live = { from: 'now-30m', to: 'now' };
    const held = freeze(live, NOW);
    expect(held).toEqual({ from: '2026-11-23T14:05:00Z', to: '2026-11-23T14:35:00Z' });
    expect(isLive(held)).toBe(false);
    expect(follow(held, NOW + 5000)).toEqual(live);
    expect(follow({ from: '2026-11-23T14:05:00Z', to: '2026-11-23T14:05:10Z' }, NOW)).toEqual({
      from: 'now-10s',
      to: 'now',
    });
  });

  it('keeps moments to the microsecond', () => {
    const exact = { from: '2026-11-23T14:05:00.818264Z', to: '2026-11-23T14:25:00.818264Z' };
    expect(freeze(exact, NOW)).toEqual(exact);
    expect(freeze({ from: exact.from, to: 'now' }, NOW)).toEqual({
      from: exact.from,
      to: '2026-11-23T14:35:00Z',
    });
  });

  it('steps by a quarter and follows now rather than looking ahead of it', () => {
    const back = step({ from: 'now-1h', to: 'now' }, -1, NOW);
    expect(back).toEqual({ from: '2026-11-23T13:20:00Z', to: '2026-11-23T14:20:00Z' });
    expect(step(back, 1, NOW)).toEqual({ from: 'now-1h', to: 'now' });
  });
});
