/** Splits KQL text for colouring and completion. Judging it is the server's business. */
export type TokenKind = 'field' | 'operator' | 'string' | 'number' | 'value' | 'punctuation' | 'space';

export interface Token {
  kind: TokenKind;
  text: string;
  at: number;
}

const PIECES =
  /(?<space>\s+)|(?<string>"(?:\\.|[^"\\])*"?)|(?<punctuation>[(){}])|(?<operator><=|>=|[:<>])|(?<word>(?:\\.|[^\s"(){}:<>\\])+|\\)/gy;
const KEYWORDS = new Set(['and', 'or', 'not']);
const COMPARISON = /^(<=|>=|[:<>])$/;
const NUMBER = /^-?\d+(\.\d+)?$/;

export function tokenise(text: string): Token[] {
  const tokens: Token[] = [];
  PIECES.lastIndex = 0;
  for (let match = PIECES.exec(text); match; match = PIECES.exec(text)) {
    const groups = match.groups ?? {};
    const found = match[0];
    if (groups.space) tokens.push({ kind: 'space', text: found, at: match.index });
    else if (groups.string) tokens.push({ kind: 'string', text: found, at: match.index });
    else if (groups.punctuation) tokens.push({ kind: 'punctuation', text: found, at: match.index });
    else if (groups.operator) tokens.push({ kind: 'operator', text: found, at: match.index });
    else tokens.push({ kind: word(found), text: found, at: match.index });
    if (PIECES.lastIndex === match.index) break;
  }
  tokens.forEach((token, at) => {
    // A quoted name before a colon is a field too.
    const next = tokens.slice(at + 1).find((later) => later.kind !== 'space');
    const named = token.kind === 'value' || token.kind === 'number' || token.kind === 'string';
    if (named && next && COMPARISON.test(next.text)) token.kind = 'field';
  });
  return tokens;
}

function word(text: string): TokenKind {
  if (KEYWORDS.has(text.toLowerCase())) return 'operator';
  return NUMBER.test(text) ? 'number' : 'value';
}
