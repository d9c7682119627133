/** What the server offered for a text, and what of it still fits the text as it is by now. */
import type { Completion } from '../api/completions';

export type Option = Pick<Completion, 'kind' | 'text' | 'description' | 'start' | 'end' | 'field' | 'count'>;

export interface Offer {
  text: string;
  caret: number;
  /** Their places are those of this text, in UTF-16 as the browser counts. */
  options: readonly Option[];
}

/** The server counts characters, the browser halves of those beyond U+FFFF. */
export const charactersBefore = (text: string, caret: number): number => [...text.slice(0, caret)].length;
const unitsOf = (text: string, characters: number): number => [...text].slice(0, characters).join('').length;

export const offerOf = (text: string, caret: number, told: readonly Completion[]): Offer => ({
  text,
  caret,
  options: told.map((option) => ({
    ...option,
    start: unitsOf(text, option.start),
    end: unitsOf(text, option.end),
  })),
});

/** Options for the text as it is: those that still fit where only more was typed at the caret, else none. */
export function fitting(
  { text: was, caret: at, options }: Offer,
  text: string,
  caret: number,
): readonly Option[] {
  const more = caret - at;
  if (more < 0 || text.slice(0, at) !== was.slice(0, at) || text.slice(caret) !== was.slice(at)) return [];
  if (more === 0) return options;
  return options.flatMap((option) => {
    const typed = text.slice(option.start, caret).toLowerCase();
    return option.text.toLowerCase().includes(typed) ? [{ ...option, end: option.end + more }] : [];
  });
}

export interface Accepted {
  text: string;
  caret: number;
}

/** The text with the option in its place, and the caret behind it where the next word begins. */
export function accept(text: string, { text: insert, start, end }: Option): Accepted {
  const rest = text.slice(end);
  const head = text.slice(0, start) + insert;
  return { text: head + (/^\s/.test(rest) ? rest : ` ${rest}`), caret: head.length + 1 };
}
