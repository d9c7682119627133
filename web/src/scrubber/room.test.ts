import { describe, expect, it } from 'vitest';
import { room } from './room';

describe('the words of a mark', () => {
  it('stand to the right while there is room', () => {
    expect(room(100, [], 1000)).toEqual({ flip: false, width: 190 });
    expect(room(100, [90, 400], 1000)).toEqual({ flip: false, width: 190 });
  });
  it('go to the side with more room', () => {
    expect(room(950, [], 1000)).toEqual({ flip: true, width: 190 });
    expect(room(500, [530], 1000)).toEqual({ flip: true, width: 190 });
  });
  it('end before the next mark', () => {
    expect(room(500, [400, 560], 1000)).toEqual({ flip: true, width: 66 });
    expect(room(500, [476, 524], 1000).width).toBe(0);
  });
});
