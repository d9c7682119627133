/** How many lines a draft adds and takes away. */
import { Chunk } from '@codemirror/merge';
import { Text } from '@codemirror/state';

const textOf = (text: string): Text => Text.of((text.endsWith('\n') ? text : `${text}\n`).split('\n'));

const linesOf = (text: Text, from: number, to: number): number => {
  if (from >= to) return 0;
  const end = Math.min(to, text.length + 1) - 1;
  return text.lineAt(Math.max(from, end)).number - text.lineAt(from).number + 1;
};

export function changedLines(before: string, after: string): { added: number; removed: number } {
  if (before === after) return { added: 0, removed: 0 };
  const [a, b] = [textOf(before), textOf(after)];
  if (!before) return { added: b.lines - 1, removed: 0 };
  if (!after) return { added: 0, removed: a.lines - 1 };
  const counted = { added: 0, removed: 0 };
  for (const chunk of Chunk.build(a, b)) {
    counted.removed += linesOf(a, chunk.fromA, chunk.toA);
    counted.added += linesOf(b, chunk.fromB, chunk.toB);
  }
  return counted;
}
