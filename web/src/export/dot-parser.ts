/** The grammar of DOT as its documentation has it, so far as graphs are written here; for tests only. */
type Attributes = Record<string, string>;

export interface Dot {
  name: string;
  attributes: Attributes;
  nodes: Map<string, Attributes>;
  edges: { from: string; to: string; attributes: Attributes }[];
  subgraphs: string[];
}

/** A quoted string ends at the first quote that no backslash stands before; two backslashes are one. */
const TOKEN =
  /\s+|->|[{}[\]=;,]|[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*|-?(?:\.\d+|\d+(?:\.\d*)?)|"(?:[^"\\]|\\[\s\S])*"/y;

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex;
    const [token] = TOKEN.exec(text) ?? [];
    if (token === undefined) throw new Error(`No DOT at ${at}: ${text.slice(at, at + 40)}`);
    if (token.trim()) tokens.push(token);
  }
  return tokens;
}

const plain = (token: string): string =>
  token.startsWith('"') ? token.slice(1, -1).replace(/\\([\\"])/g, '$1') : token;

export function parseDot(text: string): Dot {
  const tokens = tokensOf(text);
  let at = 0;
  const next = () => tokens[at++] ?? '';
  const expectToken = (wanted: string) => {
    const got = next();
    if (got !== wanted) throw new Error(`Expected ${wanted}, not ${got.slice(0, 40)}`);
  };
  const identifier = () => {
    const token = next();
    if (!/^["A-Za-z_\d.-]/.test(token) || token === '->') throw new Error(`No name: ${token.slice(0, 40)}`);
    return plain(token);
  };
  const attributesOf = (): Attributes => {
    const found: Attributes = {};
    while (tokens[at] === '[') {
      next();
      while (tokens[at] !== ']') {
        const name = identifier();
        expectToken('=');
        found[name] = identifier();
        if (tokens[at] === ',' || tokens[at] === ';') next();
      }
      next();
    }
    return found;
  };
  const dot: Dot = { name: '', attributes: {}, nodes: new Map(), edges: [], subgraphs: [] };
  const statements = (own: Attributes) => {
    expectToken('{');
    while (tokens[at] !== '}') {
      if (tokens[at] === 'subgraph') {
        next();
        identifier();
        const inner: Attributes = {};
        statements(inner);
        dot.subgraphs.push(inner.label ?? '');
      } else {
        const name = identifier();
        if (tokens[at] === '=') {
          next();
          own[name] = identifier();
        } else if (tokens[at] === '->') {
          next();
          const to = identifier();
          dot.edges.push({ from: name, to, attributes: attributesOf() });
        } else dot.nodes.set(name, attributesOf());
      }
      if (tokens[at] === ';') next();
    }
    next();
  };
  expectToken('digraph');
  dot.name = identifier();
  statements(dot.attributes);
  if (at !== tokens.length) throw new Error('Something stands behind the graph.');
  return dot;
}
