import { describe, expect, it } from 'vitest';
import type { Place, Widget } from './document';
import { compacted, gapFor, held, overlaps, put, reading, stepped } from './layout';

const widget = (id: string, x: number, y: number, w: number, h: number): Widget => ({
  id,
  title: id,
  kind: 'number',
  place: { x, y, w, h },
  query: { kind: 'flows', metrics: [{ op: 'count' }] },
});
const places = (widgets: Widget[]) => Object.fromEntries(widgets.map(({ id, place }) => [id, place]));
const clear = (widgets: readonly Widget[]) =>
  widgets.every((a, at) => widgets.slice(0, at).every((b) => !overlaps(a.place, b.place)));

/** A small generator that starts from a seed, so that a failure can be run again. */
function numbers(seed: number): (most: number) => number {
  let state = seed;
  return (most) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state % most;
  };
}

describe('the grid', () => {
  it('lets what is in hand push others down, and closes the gap that it leaves', () => {
    const board = [widget('a', 0, 0, 6, 2), widget('b', 6, 0, 6, 2), widget('c', 0, 2, 12, 3)];
    expect(places(put(board, 'a', { x: 6, y: 0, w: 6, h: 2 }))).toEqual({
      a: { x: 6, y: 0, w: 6, h: 2 },
      b: { x: 6, y: 2, w: 6, h: 2 },
      c: { x: 0, y: 4, w: 12, h: 3 },
    });
  });

  it('swaps two that lie below each other when one moves past the other', () => {
    const board = [widget('a', 0, 0, 12, 2), widget('b', 0, 2, 12, 3)];
    const order = (widgets: Widget[]) => reading(widgets).map(({ id }) => id);
    expect(order(put(board, 'a', { x: 0, y: 2, w: 12, h: 2 }))).toEqual(['b', 'a']);
    const down = put(board, 'a', stepped(board, 'a', 0, 1) as Place);
    expect(order(down)).toEqual(['b', 'a']);
    expect(places(put(down, 'a', stepped(down, 'a', 0, -1) as Place))).toEqual(places(board));
    expect(stepped(board, 'a', 0, -1)).toBeNull();
    expect(stepped(board, 'b', 0, 1)).toBeNull();
  });

  it('keeps what is in hand within its edges', () => {
    expect(held({ x: 11, y: -3, w: 4, h: 99 })).toEqual({ x: 8, y: 0, w: 4, h: 50 });
    expect(held({ x: -1, y: 2.4, w: 40, h: 0 })).toEqual({ x: 0, y: 2, w: 12, h: 1 });
  });

  it('never lays widgets on each other, loses none, and leaves no gap above any', () => {
    for (let seed = 1; seed <= 300; seed += 1) {
      const random = numbers(seed);
      let board: Widget[] = [];
      for (let at = 0; at < 3 + random(9); at += 1) {
        const [w, h] = [1 + random(12), 1 + random(5)];
        board = [...board, { ...widget(`w${at}`, 0, 0, w, h), place: gapFor(board, w, h) }];
      }
      for (let move = 0; move < 6; move += 1) {
        const id = `w${random(board.length)}`;
        const wanted: Place = { x: random(12), y: random(14), w: 1 + random(12), h: 1 + random(6) };
        const next = put(board, id, wanted);
        expect(clear(next), `seed ${seed}`).toBe(true);
        expect(next.map((each) => each.id)).toEqual(board.map((each) => each.id));
        expect(places(compacted(next)), `seed ${seed}`).toEqual(places(next));
        expect(next.find((each) => each.id === id)?.place).toMatchObject({
          x: held(wanted).x,
          w: held(wanted).w,
          h: held(wanted).h,
        });
        board = next;
      }
    }
  });

  it('finds the first gap for what is new', () => {
    const board = [widget('a', 0, 0, 6, 2), widget('b', 9, 0, 3, 2)];
    expect(gapFor(board, 3, 2)).toEqual({ x: 6, y: 0, w: 3, h: 2 });
    expect(gapFor(board, 4, 2)).toEqual({ x: 0, y: 2, w: 4, h: 2 });
  });
});
