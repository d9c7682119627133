import { expect, it } from 'vitest';
import { graphOf, viewOf } from '../fixture';
import { discsOf } from './discs';
import { blend, type Ink } from './ink';
import { CLEAR, sketchOf } from './sketch';

const ink = new Proxy({}, { get: (_, name) => String(name) }) as Ink;

it('draws every node and kept line, denied above allowed, and traffic within a disc between its dots', () => {
  const view = viewOf(
    graphOf(['a>w1', 'w1!w2', 'a>b', 'b~a'], {
      w1: ['WORKLOAD', 'n'],
      w2: ['WORKLOAD', 'n'],
    }),
  );
  const at = new Map(['a', 'b', 'n'].map((id, place) => [id, { x: 100 * place, y: 50 }]));
  const sketch = sketchOf({ view, discs: discsOf(view), at, keep: (edge) => edge.id !== 'a-b', ink });
  expect(sketch.nodes().sort()).toEqual(['a', 'b', 'n', 'w1', 'w2']);
  expect(sketch.edges().sort()).toEqual(['a-w1', 'b-a', 'w1-w2']);
  expect(sketch.getEdgeAttributes('w1-w2')).toMatchObject({ type: 'thick', color: 'deniedLine', zIndex: 1 });
  expect(sketch.getEdgeAttributes('a-w1')).toMatchObject({ type: 'thin', color: 'line' });
  expect(sketch.getNodeAttributes('w2')).toMatchObject({ color: 'denied' });
  expect(sketch.getNodeAttributes('n')).toMatchObject({ x: 200, y: -50, color: CLEAR });
});

it('leaves out what has no place yet', () => {
  const view = viewOf(graphOf(['a>b']));
  const at = new Map([['a', { x: 0, y: 0 }]]);
  const sketch = sketchOf({ view, discs: discsOf(view), at, keep: () => true, ink });
  expect([sketch.order, sketch.size]).toEqual([1, 0]);
});

it('lays one colour over another', () => expect(blend('#FF6F5B', '#000000', 0.5)).toBe('#80382e'));
