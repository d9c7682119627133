import { describe, expect, it } from 'vitest';
import type { Alert } from '../domain/alert';
import { joined } from './older';

const alerts = (...times: number[]) => times.map((time) => ({ id: `a${time}`, time }) as Alert);
const times = (some: Alert[] | null) => some?.map(({ time }) => time);

describe('pages of alerts', () => {
  it('are one list, each alert once', () => {
    expect(times(joined(alerts(5, 4), { alerts: alerts(4, 3, 2), next: 'c' }))).toEqual([5, 4, 3, 2]);
    expect(times(joined(alerts(5, 4), null))).toEqual([5, 4]);
  });
  it('keep what the newest page pushed out', () => {
    expect(times(joined(alerts(7, 6, 5), { alerts: alerts(5, 4, 3), next: null }))).toEqual([7, 6, 5, 4, 3]);
  });
  it('are not joined over a gap', () => {
    expect(joined(alerts(9, 8), { alerts: alerts(5, 4), next: null })).toBeNull();
  });
});
