import { expect, it } from 'vitest';
import { textOf } from '../api/uploads';
import { outcomeOf, takenWords } from './scans';

it('says what was taken of a report', () => {
  expect(takenWords({ images: 1, grave: 0, passedOver: 0 })).toBe(
    '1 image, none with critical or high flaws.',
  );
  expect(takenWords({ images: 1200, grave: 31, passedOver: 2 })).toBe(
    '1,200 images, 31 with critical or high flaws; 2 parts of no image passed over.',
  );
});

it('tells a refusal as it was told', () => {
  const told = [{ message: 'The report is broken.' }];
  expect(outcomeOf('a.json', { done: null, problems: ['The report is broken.'], told })).toEqual({
    file: 'a.json',
    taken: false,
    told: 'The report is broken.',
  });
});

it('reads a file where a request has room for its text, quotes and line ends too', async () => {
  expect(await textOf(new File(['{}'], 'a.json'), 'split it')).toEqual({ text: '{}' });
  const problem = { problem: 'a.json takes 18 MB, and an upload may have 17 MB; split it.' };
  expect(await textOf(new File(['"'.repeat(9_000_000)], 'a.json'), 'split it')).toEqual(problem);
  const gone = {
    name: 'gone.json',
    size: 1,
    text: () => Promise.reject(new Error('gone')),
  } as unknown as File;
  expect(await textOf(gone, 'split it')).toEqual({
    problem: 'gone.json cannot be read as a file; choose it again.',
  });
});
