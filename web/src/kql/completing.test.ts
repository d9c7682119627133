import { describe, expect, it } from 'vitest';
import type { Completion } from '../api/completions';
import { accept, charactersBefore, fitting, type Option, offerOf } from './completing';

const told = (text: string, start: number, end: number, kind: Completion['kind'] = 'FIELD'): Completion => ({
  kind,
  text,
  description: '',
  start,
  end,
  field: null,
  count: null,
});
/** The text after each option, with the caret as |. */
const results = (options: readonly Option[], text: string) =>
  options.map((option) => {
    const done = accept(text, option);
    return `${done.text.slice(0, done.caret)}|${done.text.slice(done.caret)}`;
  });

describe('an option taken', () => {
  it.each([
    ['sour', told('source_ip', 0, 4), 'source_ip |'],
    ['action : de and x : y', told('deny', 9, 11), 'action : deny |and x : y'],
    ['action:(de)', told('deny', 8, 10), 'action:(deny |)'],
    ['proto', told(':', 5, 5), 'proto: |'],
    ['a : "say', told('"say \\"hi\\""', 4, 8), 'a : "say \\"hi\\"" |'],
  ])('stands in its place: %s', (text, option, done) => {
    expect(results([option], text)).toEqual([done]);
  });
});

describe('an answer', () => {
  it('counts characters, where the browser counts halves of some', () => {
    const text = 'qname : "🐈🐈" and de';
    expect(charactersBefore(text, text.length)).toBe(text.length - 2);
    const offer = offerOf(text, text.length, [told('dest_ip', 17, 19)]);
    expect(results(offer.options, text)).toEqual(['qname : "🐈🐈" and dest_ip |']);
  });

  it('still fits while more of the same word is typed, and replaces all of it', () => {
    const offer = offerOf('a : b and d', 11, [told('dest_ip', 10, 11), told('host', 10, 11)]);
    expect(results(fitting(offer, 'a : b and dest_', 15), 'a : b and dest_')).toEqual([
      'a : b and dest_ip |',
    ]);
    expect(fitting(offer, 'a : b and dx', 12)).toEqual([]);
  });

  it('keeps what follows the caret in its place', () => {
    const offer = offerOf('de and x : y', 2, [told('dest_ip', 0, 2)]);
    expect(results(fitting(offer, 'des and x : y', 3), 'des and x : y')).toEqual(['dest_ip |and x : y']);
  });

  it.each([
    ['changed before the caret', 'x : b and d', 11],
    ['changed behind the caret', 'a : b and d)', 11],
    ['shorter', 'a : b and ', 10],
    ['with the caret elsewhere', 'a : b and d', 3],
  ])('no longer fits a text %s', (_, text, caret) => {
    expect(fitting(offerOf('a : b and d', 11, [told('dest_ip', 10, 11)]), text, caret)).toEqual([]);
  });

  it('that was taken is offered no more', () => {
    const offer = offerOf('proto', 5, [told('proto', 0, 5), told(':', 5, 5, 'OPERATOR')]);
    for (const option of offer.options) {
      const done = accept('proto', option);
      expect(fitting(offer, done.text, done.caret)).toEqual([]);
    }
  });
});
