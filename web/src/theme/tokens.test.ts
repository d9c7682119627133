import { describe, expect, it } from 'vitest';
import { contrast } from './contrast';
import { dark, light, type Tokens } from './tokens';

/** SPEC 2: ratios on canvas / app / s1 / s2 / s3, then on the colour's own soft fill. */
const TABLE: Record<string, { dark: number[]; light: number[] }> = {
  t1: { dark: [16.8, 16.2, 15.3, 14.1, 12.3], light: [16.5, 17.4, 18.2, 16.8, 15.3] },
  t2: { dark: [9.5, 9.2, 8.7, 8.0, 7.0], light: [7.4, 7.8, 8.2, 7.5, 6.9] },
  t3: { dark: [6.3, 6.1, 5.8, 5.3, 4.6], light: [5.0, 5.3, 5.5, 5.1, 4.6] },
  brandText: { dark: [15.2, 14.7, 13.9, 12.8, 11.1], light: [5.8, 6.1, 6.4, 5.9, 5.4] },
  allow: { dark: [11.2, 10.8, 10.2, 9.4, 8.2, 8.2], light: [5.1, 5.4, 5.6, 5.2, 4.7, 4.7] },
  deny: { dark: [7.2, 6.9, 6.5, 6.0, 5.2, 5.7], light: [5.0, 5.2, 5.5, 5.1, 4.6, 4.7] },
  pass: { dark: [8.8, 8.5, 8.1, 7.4, 6.5, 6.5], light: [5.8, 6.1, 6.4, 5.9, 5.4, 5.4] },
  staged: { dark: [9.1, 8.8, 8.3, 7.6, 6.6, 7.0], light: [6.1, 6.4, 6.7, 6.2, 5.6, 5.5] },
  threat: { dark: [6.8, 6.5, 6.2, 5.7, 4.9, 5.5], light: [7.1, 7.5, 7.8, 7.2, 6.6, 6.3] },
  warn: { dark: [10.7, 10.3, 9.7, 9.0, 7.8, 7.8], light: [6.5, 6.8, 7.1, 6.6, 6.0, 6.0] },
  info: { dark: [9.4, 9.1, 8.6, 7.9, 6.9, 7.2], light: [5.7, 6.0, 6.3, 5.8, 5.3, 5.3] },
  edge: { dark: [4.7, 4.5, 4.3, 3.9, 3.4], light: [3.5, 3.7, 3.9, 3.6, 3.2] },
  l3: { dark: [4.2, 4.1, 3.8, 3.5, 3.1], light: [3.4, 3.5, 3.7, 3.4, 3.1] },
};
const GRAPHICS = new Set(['edge', 'l3']);

const grounds = (tokens: Tokens, name: string) => {
  const soft = (tokens as unknown as Record<string, string>)[`${name}Soft`];
  const surfaces = [tokens.canvas, tokens.app, tokens.s1, tokens.s2, tokens.s3];
  return soft && name !== 'brandText' ? [...surfaces, soft] : surfaces;
};

describe.each([
  ['dark', dark],
  ['light', light],
] as const)('the %s token file', (theme, tokens) => {
  it.each(Object.keys(TABLE))('gives %s the contrast that the design table states', (name) => {
    const colour = tokens[name as keyof Tokens];
    const measured = grounds(tokens, name).map((ground) => contrast(colour, ground));
    const stated = TABLE[name]?.[theme] ?? [];
    expect(measured).toHaveLength(stated.length);
    measured.forEach((ratio, at) => {
      expect(Math.abs(ratio - (stated[at] ?? 0)), `${name} on ground ${at}`).toBeLessThanOrEqual(0.06);
      expect(ratio).toBeGreaterThanOrEqual(GRAPHICS.has(name) ? 3 : 4.5);
    });
  });

  it.each([
    1, 2, 3, 4, 5, 6, 7, 8,
  ] as const)('draws group %d so that it can be seen on every ground', (at) => {
    for (const ground of grounds(tokens, 'edge'))
      expect(contrast(tokens[`c${at}`], ground)).toBeGreaterThanOrEqual(3);
  });

  it('keeps ink on the brand colour readable', () => {
    expect(contrast(tokens.brandInk, tokens.brand)).toBeGreaterThan(12.8);
  });
});
