import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { afterPaint } from './after-paint';

const frames: (() => void)[] = [];

beforeEach(() => {
  frames.length = 0;
  vi.useFakeTimers();
  vi.stubGlobal('requestAnimationFrame', (run: () => void) => frames.push(run));
  vi.stubGlobal('cancelAnimationFrame', (at: number) => frames.splice(at - 1, 1));
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const frame = () => {
  for (const run of frames.splice(0)) run();
};

it('waits for two frames and then a task', () => {
  const told = vi.fn();
  afterPaint(told);
  frame();
  frame();
  expect(told).not.toHaveBeenCalled();
  vi.runAllTimers();
  expect(told).toHaveBeenCalledOnce();
});

it('is called off at any point', () => {
  const told = vi.fn();
  afterPaint(told)();
  const late = afterPaint(told);
  frame();
  frame();
  late();
  vi.runAllTimers();
  expect(told).not.toHaveBeenCalled();
});
