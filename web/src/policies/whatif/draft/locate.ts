/** Where in a draft the API's problems are: it names the line of the document, and the field by its path. */
import { isCollection, isMap, isNode, LineCounter, type Node, parseAllDocuments } from 'yaml';
import type { SimulationProblem } from '../../../api/simulation';

export interface Located {
  /** From 1; null where nothing says which. */
  line: number | null;
  message: string;
}

const PLACED = /^\S+\.apply(?:, line (\d+))?(?:, item (\d+))?: (.*)$/s;
const FIELD = /(?:^|: )((?:[A-Za-z]\w*)(?:\.[\w/-]+|\[[^\]]*\])+): /;

/** `spec.ingress[0].ports` as its steps. */
export const stepsOf = (path: string): (string | number)[] =>
  [...path.matchAll(/\[(\d+)\]|\[["']?([^\]"']*)["']?\]|([^.[\]]+)/g)].map(([, at, key, name]) =>
    at === undefined ? (key ?? name ?? '') : Number(at),
  );

export function located(problems: readonly SimulationProblem[], text: string): Located[] {
  return problems.map(({ message }) => {
    const [, line, item, rest] = PLACED.exec(message) ?? [];
    if (rest === undefined) return { line: null, message };
    const first = Number(line ?? 1);
    const path = FIELD.exec(rest)?.[1];
    const within = path ? lineOf(text, first, Number(item ?? 0), stepsOf(path)) : null;
    return { line: Math.min(within ?? first, text.trimEnd().split('\n').length), message: rest };
  });
}

/** The line of the deepest part of the path that is there; null where nothing of it is. */
function lineOf(
  text: string,
  first: number,
  item: number,
  steps: readonly (string | number)[],
): number | null {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter: lines });
  if (!Array.isArray(documents)) return null;
  const document =
    documents.findLast(({ contents }) => contents && lineAt(contents, lines) <= first) ?? documents[0];
  let node: Node | null = document?.contents ?? null;
  if (item > 0 && isMap(node)) {
    const listed: unknown = node.getIn(['items', item - 1], true);
    node = isNode(listed) ? listed : node;
  }
  let line: number | null = null;
  for (const step of steps) {
    if (!isCollection(node)) break;
    const pair = isMap(node) ? node.items.find(({ key }) => String(key) === String(step)) : undefined;
    const key: unknown = pair?.key;
    const value: unknown = pair ? pair.value : node.get(step, true);
    const shown = isNode(key) ? key : isNode(value) ? value : null;
    if (!shown) break;
    line = lineAt(shown, lines);
    node = isNode(value) ? value : null;
  }
  return line;
}

const lineAt = (node: Node, lines: LineCounter): number => lines.linePos(node.range?.[0] ?? 0).line;
