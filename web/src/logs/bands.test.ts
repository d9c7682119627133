import { expect, it } from 'vitest';
import { bandsOf, tallest } from './bands';

it('joins what belongs together, and leaves out what does not occur', () => {
  const bands = bandsOf('L7', [
    { key: '200', counts: ['5', '1'] },
    { key: '503', counts: ['0', '2'] },
    { key: '204', counts: ['1', '0'] },
    { key: '-', counts: ['1', '1'] },
  ]);
  expect(bands.map((band) => [band.label, band.total, band.hatched])).toEqual([
    ['2xx', 7, false],
    ['5xx', 2, true],
    ['Others', 2, false],
  ]);
  expect(bands[0]?.counts).toEqual([6, 1]);
  expect(tallest(bands)).toBe(7);
});

it('has a height where there is nothing', () => {
  expect(bandsOf('FLOWS', [])).toEqual([]);
  expect(tallest([])).toBe(1);
});

it('counts every record once, whatever a field says', () => {
  const series = ['Established', 'Idle', '-', 'Active', '<b>'].map((key) => ({ key, counts: ['1'] }));
  expect(bandsOf('BGP', series).reduce((sum, band) => sum + band.total, 0)).toBe(5);
});
