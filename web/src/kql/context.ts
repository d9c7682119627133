import { type Token, tokenise } from './tokens';

/** What can be typed at the caret, and which part of the text it would replace. */
export interface Context {
  expects: 'field' | 'value' | 'operator' | 'comparison';
  field: string | null;
  prefix: string;
  from: number;
  to: number;
}

const isKeyword = (token: Token) => token.kind === 'operator' && /^(and|or|not)$/i.test(token.text);
const isComparison = (token: Token) => token.kind === 'operator' && !isKeyword(token);

export function contextAt(text: string, caret: number): Context {
  const before = tokenise(text.slice(0, caret));
  const last = before.at(-1);
  const typing =
    last && last.kind !== 'space' && last.kind !== 'punctuation' && !isComparison(last) ? last : null;
  const settled = before.filter((token) => token.kind !== 'space' && token !== typing);
  const place = { prefix: typing?.text ?? '', from: typing?.at ?? caret, to: caret };
  const { expects, field } = walk(settled);
  if (expects === 'value') return { expects, field, ...place, prefix: place.prefix.replace(/^"|"$/g, '') };
  return { expects, field, ...place };
}

/** Reads the conditions from the left; a bracket after a comparison opens a list of its values. */
function walk(settled: Token[]): Pick<Context, 'expects' | 'field'> {
  const lists: (string | null)[] = [];
  let expects: Context['expects'] = 'field';
  let field: string | null = null;
  for (const token of settled) {
    if (isKeyword(token)) {
      field = lists.at(-1) ?? null;
      expects = field === null ? 'field' : 'value';
    } else if (isComparison(token)) expects = 'value';
    else if (token.text === '(' || token.text === '{') {
      const opensList: boolean = expects === 'value' && token.text === '(';
      lists.push(opensList ? field : null);
      if (!opensList) {
        expects = 'field';
        field = null;
      }
    } else if (token.kind === 'punctuation') {
      lists.pop();
      expects = 'operator';
      field = null;
    } else if (expects === 'value') expects = 'operator';
    else {
      expects = 'comparison';
      field = token.text.replace(/^"|"$/g, '');
    }
  }
  return { expects, field: expects === 'operator' || expects === 'field' ? null : field };
}

export interface Replacement {
  text: string;
  caret: number;
}

export function accept(text: string, context: Context, insert: string): Replacement {
  const head = text.slice(0, context.from) + insert;
  const tail = text.slice(context.to).replace(/^[^\s"(){}:<>]+/, '');
  return { text: head + tail, caret: head.length };
}

/** A value as KQL wants it: bare where nothing in it has a meaning, else quoted. */
export function quote(value: string): string {
  if (/^[\w.-]+$/.test(value) && !/^(and|or|not)$/i.test(value)) return value;
  return phrase(value);
}

/** In quotes, where only quotes and backslashes mean something. */
export const phrase = (value: string): string => `"${value.replace(/(["\\])/g, '\\$1')}"`;
