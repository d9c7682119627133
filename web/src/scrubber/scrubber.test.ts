import { expect, it } from 'vitest';
import { bucketsOf, intervalFor, scaleOf, windowAround } from './bars';
import { dragged } from './use-brush';

it('reads allowed and denied whatever the series are called', () => {
  const histogram = {
    interval: 60,
    starts: ['2026-11-23T14:00:00Z'],
    series: [
      { key: 'deny', counts: ['3'] },
      { key: 'allow', counts: ['9'] },
    ],
  };
  expect(bucketsOf(histogram)).toEqual([{ at: Date.UTC(2026, 10, 23, 14), allowed: 9, denied: 3 }]);
});

it('fits both directions into the strip, denied with at least a third of it', () => {
  const { up, down, axis } = scaleOf([{ at: 0, allowed: 1000, denied: 1 }], 60);
  expect(1000 * up).toBeCloseTo(axis);
  expect(axis + 1 * down).toBeCloseTo(60);
  expect(60 - axis).toBeCloseTo(20);
  expect(scaleOf([{ at: 0, allowed: 5, denied: 0 }], 60).axis).toBe(60);
});

it('picks whole intervals and shows no time after now', () => {
  expect(intervalFor(5400_000, 170)).toBe(60);
  expect(windowAround(1000, 2000, 2500)).toEqual({ from: -500, to: 2500 });
});

it('drags handles, the whole window and new ranges, never past now', () => {
  const base = { start: 100_000, from: 100_000, to: 200_000 };
  expect(dragged({ ...base, mode: 'from' }, 150_000, 300_000)).toEqual({ from: 150_000, to: 200_000 });
  expect(dragged({ ...base, mode: 'from' }, 250_000, 300_000)).toEqual({ from: 190_000, to: 200_000 });
  expect(dragged({ ...base, mode: 'to' }, 900_000, 300_000)).toEqual({ from: 100_000, to: 300_000 });
  expect(dragged({ ...base, mode: 'move' }, 900_000, 300_000)).toEqual({ from: 200_000, to: 300_000 });
  expect(dragged({ ...base, mode: 'new' }, 40_000, 300_000)).toEqual({ from: 40_000, to: 100_000 });
});
