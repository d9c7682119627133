import { phrase, quote } from './quote';
import { tokenise } from './tokens';

/** What a query consists of on its outermost level. */
function outermost(query: string): { parts: string[]; alternatives: boolean } {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (const token of tokenise(query)) {
    if (token.kind === 'punctuation') depth += token.text === '(' || token.text === '{' ? 1 : -1;
    if (token.kind !== 'operator' || depth > 0) continue;
    const word = token.text.toLowerCase();
    if (word === 'or') return { parts: [query.trim()], alternatives: true };
    if (word !== 'and') continue;
    parts.push(query.slice(from, token.at).trim());
    from = token.at + token.text.length;
  }
  parts.push(query.slice(from).trim());
  return { parts: parts.filter(Boolean), alternatives: false };
}

/** The conditions that a query joins by `and`; a query of alternatives is one condition. */
export const conjuncts = (query: string): string[] => outermost(query).parts;

/** A condition on one value; null asks for records without the field. No sign in a text means anything. */
export function condition(field: string, value: string | number | boolean | null): string {
  if (value === null) return `not ${field} : *`;
  if (typeof value !== 'string') return `${field} : ${value}`;
  return `${field} : ${value === '-' ? phrase(value) : quote(value)}`;
}

export function negated(part: string): string {
  const { parts, alternatives } = outermost(part);
  if (parts.length > 1 || alternatives) return `not (${part})`;
  return part.startsWith('not ') ? part.slice('not '.length) : `not ${part}`;
}

/** The query with one condition more, or several joined by `and`; what contradicts it goes. */
export function refined(query: string, part: string): string {
  const { parts, alternatives } = outermost(query);
  const fresh = conjuncts(part).filter((each) => !parts.includes(each));
  const kept = parts.filter((each) => each !== negated(part));
  return [...(alternatives ? kept.map((each) => `(${each})`) : kept), ...fresh].join(' and ');
}

export const without = (query: string, part: string): string =>
  conjuncts(query)
    .filter((each) => each !== part)
    .join(' and ');
